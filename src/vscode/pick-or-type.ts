import * as vscode from "vscode";
import { toPlainLabel } from "./plain-text.js";

/** Lets the user pick one of some answers, or type another one. @returns undefined if the user dismissed the prompt */
export function pickOrType(
  answers: readonly string[],
  { title, prompt }: { title: string; prompt: string },
  token: vscode.CancellationToken,
): Promise<string | undefined> {
  const box = vscode.window.createQuickPick<vscode.QuickPickItem & { answer: string }>();
  box.title = toPlainLabel(title);
  box.placeholder = toPlainLabel(prompt);
  box.ignoreFocusOut = true;
  const offered = answers.map((answer) => ({ label: toPlainLabel(answer), answer }));
  const show = (typed: string): void => {
    // What is typed is an answer, whatever else fits.
    const own = { label: toPlainLabel(typed), iconPath: new vscode.ThemeIcon("edit"), answer: typed };
    box.items = typed === "" ? offered : [{ ...own, alwaysShow: true }, ...offered];
  };
  show("");
  const cancelled = token.onCancellationRequested(() => box.hide());
  return new Promise((resolve) => {
    box.onDidChangeValue((typed) => show(typed.trim()));
    box.onDidAccept(() => {
      const [chosen] = box.activeItems;
      resolve(chosen?.answer ?? (box.value.trim() || undefined));
      box.hide();
    });
    box.onDidHide(() => {
      cancelled.dispose();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
