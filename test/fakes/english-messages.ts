import type { PreviewLocalizer } from "../../src/vscode/preview/citation-chips.js";

/** The window's words as VS Code says them in English: a text with its values put in. */
export const english: PreviewLocalizer = {
  t: (text: unknown, ...values: unknown[]) =>
    String(text).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};
