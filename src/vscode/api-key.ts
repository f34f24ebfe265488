import * as vscode from "vscode";
import { tryApiKey } from "../app/model-providers.js";
import { toResearchError, ResearchError } from "../common/errors.js";
import { askInBox } from "./input-box.js";
import { showInformation, showWarning } from "./show-messages.js";
import { localizeText } from "./l10n/localize.js";
import { abortAfter } from "../common/abort.js";

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
    set: async () => (await askForKey(store)) !== undefined,
    take,
    remove: async () => {
      const had = (await secrets.get(NAME)) !== undefined;
      await secrets.delete(NAME);
      void showInformation(
        had
          ? vscode.l10n.t("Gemini API key removed. Research now uses the offline engine.")
          : vscode.l10n.t("No Gemini key was set."),
      );
    },
  };

  async function take(typed: string): Promise<boolean> {
    const failed = await store(typed, new AbortController().signal);
    if (failed !== undefined) throw failed;
    return true;
  }

  /** Tries a key and stores it unless Google refuses it. @returns why it was refused */
  async function store(typed: string, signal: AbortSignal): Promise<ResearchError | undefined> {
    const key = typed.trim();
    try {
      await tryOut(key, signal);
    } catch (error) {
      signal.throwIfAborted();
      const problem = toResearchError(error, "no-network", "The key could not be tried");
      if (problem.code === "bad-key" || problem.code === "billing") return problem;
      // The failure is not the key's fault: store it, and tell the user that it was not verified.
      await secrets.store(NAME, key);
      void warnOfKey(
        vscode.l10n.t("API key saved, but it could not be verified: {0}", localizeText(problem.text)),
      );
      return undefined;
    }
    await secrets.store(NAME, key);
    void showInformation(vscode.l10n.t("The Gemini key works and is saved in VS Code’s secret storage."));
    return undefined;
  }
}

async function warnOfKey(message: string): Promise<void> {
  const chosen = await showWarning(message, vscode.l10n.t("Set API Key"));
  if (chosen !== undefined) await vscode.commands.executeCommand("deepResearch.setApiKey");
}

/** Where Google gives out keys. */
const KEY_PAGE = "https://aistudio.google.com/apikey";

/** Asks until a key is accepted: the box stays open with what is wrong. @returns undefined if the user dismissed it */
function askForKey(
  store: (typed: string, signal: AbortSignal) => Promise<ResearchError | undefined>,
): Promise<unknown> {
  return askInBox<"page">({
    title: vscode.l10n.t("Deep Research: Set API Key"),
    prompt: [
      vscode.l10n.t(
        "Enter a Gemini key from Google AI Studio; the button above opens the page that gives one. It is stored in VS Code’s secret storage and sent only to Google.",
      ),
      vscode.l10n.t(
        "On Google’s free tier, about 20 calls a day are allowed and your questions may be used to train its models; in the EEA, the UK and Switzerland, the paid tier is required.",
      ),
    ].join(" "),
    password: true,
    buttons: [{ value: "page", icon: "link-external", tooltip: vscode.l10n.t("Get a Gemini Key") }],
    press: () => void vscode.env.openExternal(vscode.Uri.parse(KEY_PAGE, true)),
    validateInput: (value) =>
      value.trim() === ""
        ? vscode.l10n.t("The key is empty.")
        : PLAIN_KEY.test(value.trim())
          ? undefined
          : vscode.l10n.t("A key cannot contain spaces, line breaks or non-ASCII characters."),
    accept: async (typed, signal) => {
      const refused = await store(typed, signal);
      return refused === undefined ? undefined : localizeText(refused.text);
    },
  });
}

/** The characters of a key. */
const PLAIN_KEY = /^[\x21-\x7e]+$/;

/** Makes one free request that shows whether a key is valid. */
async function tryOut(key: string, signal: AbortSignal): Promise<void> {
  if (!PLAIN_KEY.test(key)) {
    throw new ResearchError(
      "bad-key",
      "The API key contains spaces or invalid characters.",
      "Copy it again.",
    );
  }
  await tryApiKey(key, process.env, abortAfter(20_000, signal));
}
