import assert from "node:assert/strict";
import * as vscode from "vscode";

interface Tested {
  test: () => Promise<{
    trustAllCallers: (isSo: boolean) => void;
    takeKey: (typed: string) => Promise<boolean>;
  }>;
}

/** What tests may do in the place of a user. */
async function tested(): ReturnType<Tested["test"]> {
  const extension = vscode.extensions.getExtension<Tested>("deep-research.deep-research");
  assert.ok(extension !== undefined);
  return (await extension.activate()).test();
}

/** Calls a command of ours as its own rows and buttons do. @param name without "deepResearch." */
export async function command<T>(name: string, ...args: unknown[]): Promise<T> {
  (await tested()).trustAllCallers(true);
  return vscode.commands.executeCommand<T>(`deepResearch.${name}`, ...args);
}

/** Calls a command of ours as a link or another extension does. */
export async function commandFromElsewhere<T>(name: string, ...args: unknown[]): Promise<T> {
  const { trustAllCallers } = await tested();
  trustAllCallers(false);
  try {
    return await vscode.commands.executeCommand<T>(`deepResearch.${name}`, ...args);
  } finally {
    trustAllCallers(true);
  }
}

/** Tries and keeps a key, as if it were typed. @returns undefined for one that is refused */
export async function takeKey(typed: string): Promise<boolean | undefined> {
  return (await tested()).takeKey(typed).catch(() => undefined);
}
