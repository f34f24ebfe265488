import * as vscode from "vscode";
import { SERVICE_KEY_CHOICES, type ServiceKeyChoice, type StoredServiceKeys } from "../app/service-keys.js";
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
  const github = keys.github ?? (await signInToGithub(false));
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
    if ((await signInToGithub(true)) !== undefined)
      void showInformation(
        vscode.l10n.t("GitHub requests now use your account: the limit is 5,000 per hour instead of 60."),
      );
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
    void showInformation(vscode.l10n.t("The key for {0} is removed.", label));
    return;
  }
  await storage?.store(PREFIX + name, key);
  void showInformation(
    vscode.l10n.t("The key for {0} is saved. Name the service in deepResearch.webSearches to use it.", label),
  );
}
