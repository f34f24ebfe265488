import * as vscode from "vscode";
import { toPlainLabel } from "./plain-text.js";

/*
 * All that the window says or asks passes here, made plain: names, reports, settings and errors hold what strangers
 * wrote. A lint rule keeps VS Code's own functions out of the other files.
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

/** What one may answer to a question. */
export interface ModalQuestion<T extends string> {
  message: string;
  detail: string;
  /** Leaves everything as it is. It stands first and has the focus, so that Enter does no harm. */
  safe: string;
  buttons: readonly T[];
}

/** Asks in a dialog that must be answered. @returns the button; undefined where all is to stay as it is */
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

/** Shows a line in the status bar for a while. @param icon the name of one of VS Code's */
export function showStatusMessage(icon: string, message: string, milliseconds: number): void {
  vscode.window.setStatusBarMessage(`$(${icon}) ${toPlainLabel(message, 200)}`, milliseconds);
}

/** Asks for a text. Title, prompt and complaints are made plain. */
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

/** A choice of a list. */
export interface PickItem extends vscode.QuickPickItem {
  /** The name of one of VS Code's icons, before the label. */
  icon?: string;
}

interface Shown<T extends PickItem> extends vscode.QuickPickItem {
  choice: T;
}

/** Lets the user pick one of a list. Its texts are made plain; the icon is the one that is named. */
export async function pickOne<T extends PickItem>(
  choices: readonly T[],
  options: vscode.QuickPickOptions,
  token?: vscode.CancellationToken,
): Promise<T | undefined> {
  const chosen = await vscode.window.showQuickPick(choices.map(shown), plainOptions(options), token);
  return chosen?.choice;
}

/** Lets the user pick several of a list. */
export async function pickSeveral<T extends PickItem>(
  choices: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T[] | undefined> {
  const chosen = await vscode.window.showQuickPick(choices.map(shown), {
    ...plainOptions(options),
    canPickMany: true,
  });
  return chosen?.map(({ choice }) => choice);
}

function shown<T extends PickItem>(choice: T): Shown<T> {
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
 * @param work gets the signal of its end, and `report`, which changes the line beside the title
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
