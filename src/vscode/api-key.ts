import * as vscode from "vscode";
import { tryApiKey } from "../app/model-providers.js";
import { toResearchError, ResearchError } from "../common/errors.js";
import { askForText, showInformation, showWarning, withProgress } from "./show-messages.js";
import { localizeText } from "./l10n/localize.js";

const NAME = "deepResearch.geminiApiKey";

/** Stores the Gemini key, in SecretStorage only. */
export interface ApiKeyStore {
  get(): Promise<string | null>;
  /** Asks for a key, tries it once, and stores it unless Google refuses it. Callers cannot pass a key. */
  set(): Promise<boolean>;
  /** Tries and stores a key that the user typed. */
  take(typed: string): Promise<boolean>;
  remove(): Promise<void>;
}

export function createApiKeyStore(secrets: vscode.SecretStorage): ApiKeyStore {
  return {
    get: async () => (await secrets.get(NAME)) ?? null,
    set: async () => {
      const typed = await askForKey();
      return typed === undefined ? false : take(typed);
    },
    take,
    remove: async () => {
      const had = (await secrets.get(NAME)) !== undefined;
      await secrets.delete(NAME);
      void showInformation(
        had
          ? vscode.l10n.t("Gemini key removed. Research now uses the offline engine.")
          : vscode.l10n.t("No Gemini key was set."),
      );
    },
  };

  async function take(typed: string): Promise<boolean> {
    const key = typed.trim();
    try {
      await tryOut(key);
    } catch (error) {
      const problem = toResearchError(error, "no-network", "The key could not be tried");
      if (problem.code === "cancelled") return false;
      if (problem.code === "bad-key" || problem.code === "billing") throw problem;
      // The failure is not the key's fault: store it, and tell the user that it was not verified.
      await secrets.store(NAME, key);
      void warnOfKey(
        vscode.l10n.t("API key saved, but it could not be verified: {0}", localizeText(problem.text)),
      );
      return true;
    }
    await secrets.store(NAME, key);
    void showInformation(vscode.l10n.t("The Gemini key works and is saved in VS Code’s secret storage."));
    return true;
  }
}

async function warnOfKey(message: string): Promise<void> {
  const chosen = await showWarning(message, vscode.l10n.t("Set API Key"));
  if (chosen !== undefined) await vscode.commands.executeCommand("deepResearch.setApiKey");
}

function askForKey(): Thenable<string | undefined> {
  return askForText({
    title: vscode.l10n.t("Deep Research: Set API Key"),
    prompt: [
      vscode.l10n.t(
        "Enter a Gemini key from Google AI Studio. It is stored in VS Code’s secret storage and sent only to Google.",
      ),
      vscode.l10n.t(
        "On Google’s free tier, your questions may be used to train its models; in the EEA, the UK and Switzerland, the paid tier is required.",
      ),
    ].join(" "),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === ""
        ? vscode.l10n.t("The key is empty.")
        : /^[\x21-\x7e]+$/.test(value.trim())
          ? undefined
          : vscode.l10n.t("A key cannot contain spaces, line breaks or non-ASCII characters."),
  });
}

/** Makes one free request that shows whether a key is valid. */
function tryOut(key: string): Thenable<void> {
  return withProgress(vscode.l10n.t("Verifying the Gemini key…"), async (signal) => {
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new ResearchError(
        "bad-key",
        "The API key contains spaces or invalid characters.",
        "Copy it again.",
      );
    }
    await tryApiKey(key, process.env, AbortSignal.any([signal, AbortSignal.timeout(20_000)]));
  });
}
