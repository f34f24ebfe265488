import * as vscode from "vscode";
import { toPlainLabel } from "./plain-text.js";

/* An input box with buttons, which can stay open until what was typed has been accepted. Its texts are made plain. */

/** A button in the title of an input box. */
interface BoxButton<T extends string> {
  value: T;
  /** The name of a VS Code icon. */
  icon: string;
  tooltip: string;
}

export interface BoxOptions<T extends string> {
  title: string;
  prompt: string;
  placeHolder?: string;
  value?: string;
  password?: boolean;
  buttons: readonly BoxButton<T>[];
  /** Why a text cannot be taken, while it is typed; undefined if it can. */
  validateInput: (text: string) => string | undefined;
  /** What Enter does with a text: while it works, the box is busy. @returns why it failed; then the box stays open */
  accept?: (text: string, signal: AbortSignal) => Promise<string | undefined>;
  /** What a button does: "close" ends the box with that button, undefined leaves it open. */
  press?: (button: T) => "close" | undefined;
}

/**
 * Asks for a text in a box with buttons.
 * @returns the text and, if one ended the box, the button; undefined if the user dismissed it
 */
export function askInBox<T extends string>(
  options: BoxOptions<T>,
): Promise<{ text: string; button: T | null } | undefined> {
  const { buttons, validateInput, accept, press } = options;
  const box = vscode.window.createInputBox();
  box.title = toPlainLabel(options.title);
  box.prompt = toPlainLabel(options.prompt, 1000);
  box.placeholder = toPlainLabel(options.placeHolder ?? "");
  box.value = options.value ?? "";
  box.password = options.password ?? false;
  box.ignoreFocusOut = true;
  const shown = buttons.map(({ value, icon, tooltip }) => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip: toPlainLabel(tooltip),
    value,
  }));
  box.buttons = shown;
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (result: { text: string; button: T | null } | undefined): void => {
      resolve(result);
      box.hide();
    };
    const complain = (text: string | undefined): void => {
      box.validationMessage = text === undefined ? undefined : toPlainLabel(text, 1000);
    };
    const take = async (): Promise<void> => {
      const text = box.value;
      const wrong = validateInput(text);
      complain(wrong);
      if (wrong !== undefined || box.busy) return;
      box.busy = true;
      box.enabled = false;
      // A box that was dismissed meanwhile has answered already.
      const failed = await accept?.(text, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
        return undefined;
      });
      if (controller.signal.aborted) return;
      box.busy = false;
      box.enabled = true;
      if (failed === undefined) end({ text, button: null });
      else complain(failed);
    };
    box.onDidChangeValue((text) => complain(text === "" ? undefined : validateInput(text)));
    box.onDidAccept(() => void take());
    box.onDidTriggerButton((pressed) => {
      const found = shown.find((each) => each === pressed);
      if (found !== undefined && press?.(found.value) === "close")
        end({ text: box.value, button: found.value });
    });
    box.onDidHide(() => {
      controller.abort();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
