import * as vscode from "vscode";
import {
  isGithubTokenWanted,
  SERVICE_KEY_CHOICES,
  type ServiceKeyChoice,
  type StoredServiceKeys,
} from "../app/service-keys.js";
import type { EngineConfig } from "../app/types.js";
import { offerGithubSignIn } from "./github-sign-in.js";
import { isOnForUser } from "./user-features.js";
import { askForText, pickOne, showInformation } from "./show-messages.js";

/* Keys of search services, in VS Code's secret storage only. */

const PREFIX = "deepResearch.serviceKey.";

let storage: vscode.SecretStorage | null = null;

/** Hands over the storage of this window, once. */
export function openServiceKeys(secrets: vscode.SecretStorage): void {
  storage = secrets;
}

/** The keys that are stored. */
export async function readStoredServiceKeys(): Promise<StoredServiceKeys> {
  const found = await Promise.all(
    SERVICE_KEY_CHOICES.map(async ({ name }) => [name, await storage?.get(PREFIX + name)] as const),
  );
  const keys: StoredServiceKeys = Object.fromEntries(
    found.filter(([, key]) => key !== undefined && key !== ""),
  );
  const github = keys.github ?? (isOnForUser("githubSearch") ? await signInToGithub(false) : undefined);
  return github === undefined ? keys : { ...keys, github };
}

/** The token of VS Code's own GitHub account: no rights beyond public data, and kept nowhere by us. */
async function signInToGithub(asks: boolean): Promise<string | undefined> {
  try {
    const session = await vscode.authentication.getSession(
      "github",
      [],
      asks ? { createIfNone: true } : { silent: true },
    );
    return session?.accessToken;
  } catch {
    // An editor without that account, or a sign-in that was dismissed.
    return undefined;
  }
}

/** Signs in at GitHub by VS Code's own account, and says what that changed. */
async function useGithubAccount(): Promise<void> {
  if ((await signInToGithub(true)) === undefined) return;
  void showInformation(
    vscode.l10n.t("GitHub requests now use your account: the limit is 5,000 per hour instead of 60."),
  );
}

/** Offers the sign-in at GitHub after a run that came near its limit. @param memory of the user, for all windows */
export function offerGithubAccount(memory: vscode.Memento, config: EngineConfig): Promise<void> {
  const button = vscode.l10n.t("Sign In to GitHub");
  return offerGithubSignIn({
    isWanted: isGithubTokenWanted(config),
    memory,
    ask: async () =>
      (await showInformation(
        vscode.l10n.t(
          "GitHub answers only 60 requests an hour without an account. When you are signed in, the limit is 5,000. Only public data is read, and the token is sent to GitHub alone.",
        ),
        button,
      )) === button,
    signIn: useGithubAccount,
  });
}

/** Asks for a service and its key, and stores it; an empty one removes it. Callers cannot pass a key. */
export async function setServiceKey(): Promise<void> {
  const stored = await readStoredServiceKeys();
  const chosen = await pickOne(
    SERVICE_KEY_CHOICES.map((value) => ({
      label: value.label,
      description: stored[value.name] === undefined ? "" : vscode.l10n.t("key saved"),
      value,
    })),
    {
      title: vscode.l10n.t("Deep Research: Set Search Key"),
      placeHolder: vscode.l10n.t("Select the service"),
    },
  );
  if (chosen === undefined) return;
  if (chosen.value.name === "github") {
    await useGithubAccount();
    return;
  }
  const typed = await askForText({
    title: vscode.l10n.t("Deep Research: Set Search Key"),
    prompt: vscode.l10n.t(
      "Enter the key for {0}. It is stored in VS Code’s secret storage and sent only to that service. Leave it empty to remove it.",
      chosen.value.label,
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x21-\x7e]*$/.test(value.trim())
        ? undefined
        : vscode.l10n.t("A key cannot contain spaces, line breaks or non-ASCII characters."),
  });
  if (typed !== undefined) await store(chosen.value, typed.trim());
}

async function store({ name, label }: ServiceKeyChoice, key: string): Promise<void> {
  if (key === "") {
    await storage?.delete(PREFIX + name);
    void showInformation(vscode.l10n.t("Removed the key for {0}.", label));
    return;
  }
  await storage?.store(PREFIX + name, key);
  void showInformation(
    vscode.l10n.t("Saved the key for {0}. Name the service in deepResearch.webSearches to use it.", label),
  );
}
