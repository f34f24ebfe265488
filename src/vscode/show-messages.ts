import * as vscode from "vscode";
import { toPlainLabel } from "./plain-text.js";

/*
 * All messages and prompts go through this module, which makes their text plain: names, reports, settings and
 * errors contain untrusted text. A lint rule forbids VS Code's own functions in other files.
 */

export function showInformation<T extends string>(message: string, ...buttons: T[]): Thenable<T | undefined> {
  return vscode.window.showInformationMessage(toPlainLabel(message), ...buttons);
}

export function showWarning<T extends string>(message: string, ...buttons: T[]): Thenable<T | undefined> {
  return vscode.window.showWarningMessage(toPlainLabel(message), ...buttons);
}

export function showError<T extends string>(message: string, ...buttons: T[]): Thenable<T | undefined> {
  return vscode.window.showErrorMessage(toPlainLabel(message), ...buttons);
}

/** A modal question. */
export interface ModalQuestion<T extends string> {
  message: string;
  detail: string;
  /** The button that changes nothing. It comes first and has the focus, so that Enter does no harm. */
  safe: string;
  buttons: readonly T[];
}

/** Asks in a modal dialog. @returns the chosen button; undefined for the safe one */
export async function askModal<T extends string>({
  message,
  detail,
  safe,
  buttons,
}: ModalQuestion<T>): Promise<T | undefined> {
  const options = { modal: true, detail: toPlainLabel(detail, 4000) };
  const chosen = await vscode.window.showWarningMessage<string>(
    toPlainLabel(message),
    options,
    safe,
    ...buttons,
  );
  return buttons.find((each) => each === chosen);
}

/** Shows a message in the status bar for a while. @param icon the name of a VS Code icon */
export function showStatusMessage(icon: string, message: string, milliseconds: number): void {
  vscode.window.setStatusBarMessage(`$(${icon}) ${toPlainLabel(message, 200)}`, milliseconds);
}

/** Asks for a text. Title, prompt and validation messages are made plain. */
export function askForText(
  options: Omit<vscode.InputBoxOptions, "validateInput"> & {
    validateInput?: (text: string) => string | undefined;
  },
  token?: vscode.CancellationToken,
): Thenable<string | undefined> {
  const { title, prompt, placeHolder, validateInput } = options;
  return vscode.window.showInputBox(
    {
      ...options,
      ...(title === undefined ? {} : { title: toPlainLabel(title) }),
      ...(prompt === undefined ? {} : { prompt: toPlainLabel(prompt) }),
      ...(placeHolder === undefined ? {} : { placeHolder: toPlainLabel(placeHolder) }),
      ...(validateInput === undefined
        ? {}
        : {
            validateInput: (text: string) => {
              const complaint = validateInput(text);
              return complaint === undefined ? undefined : toPlainLabel(complaint);
            },
          }),
    },
    token,
  );
}

export interface PickItem extends vscode.QuickPickItem {
  /** The name of the VS Code icon before the label. */
  icon?: string;
}

interface ShownItem<T extends PickItem> extends vscode.QuickPickItem {
  choice: T;
}

/** Lets the user pick one item. Texts are made plain; only `icon` shows an icon. */
export async function pickOne<T extends PickItem>(
  choices: readonly T[],
  options: vscode.QuickPickOptions,
  token?: vscode.CancellationToken,
): Promise<T | undefined> {
  const chosen = await vscode.window.showQuickPick(
    choices.map(toQuickPickItem),
    plainOptions(options),
    token,
  );
  return chosen?.choice;
}

/** Lets the user pick several items. */
export async function pickSeveral<T extends PickItem>(
  choices: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T[] | undefined> {
  const chosen = await vscode.window.showQuickPick(choices.map(toQuickPickItem), {
    ...plainOptions(options),
    canPickMany: true,
  });
  return chosen?.map(({ choice }) => choice);
}

function toQuickPickItem<T extends PickItem>(choice: T): ShownItem<T> {
  const { icon, label, description, detail, kind, picked, alwaysShow } = choice;
  return {
    label: icon === undefined ? toPlainLabel(label) : `$(${icon}) ${toPlainLabel(label)}`,
    ...(description === undefined ? {} : { description: toPlainLabel(description) }),
    ...(detail === undefined ? {} : { detail: toPlainLabel(detail) }),
    ...(kind === undefined ? {} : { kind }),
    ...(picked === undefined ? {} : { picked }),
    ...(alwaysShow === undefined ? {} : { alwaysShow }),
    choice,
  };
}

function plainOptions(options: vscode.QuickPickOptions): vscode.QuickPickOptions {
  const { title, placeHolder } = options;
  return {
    ...options,
    ...(title === undefined ? {} : { title: toPlainLabel(title) }),
    ...(placeHolder === undefined ? {} : { placeHolder: toPlainLabel(placeHolder) }),
  };
}

/**
 * Shows progress that can be cancelled, as a notification.
 * @param work receives the abort signal, and `report`, which changes the message next to the title
 */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: toPlainLabel(title), cancellable: true },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return work(controller.signal, (message) => progress.report({ message: toPlainLabel(message) }));
    },
  );
}
