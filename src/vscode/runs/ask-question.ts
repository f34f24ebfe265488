import * as vscode from "vscode";
import * as z from "zod";
import type { EngineConfig } from "../../app/types.js";
import { parseQuestion, type ResearchRequest, type Scope } from "../../core/domain/research-request.js";
import { Depth } from "../../core/domain/schema.js";
import type { ApiKeyStore } from "../api-key.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { describeFreeTierLimit } from "../../app/free-tier.js";
import { decideWebSearches } from "../../app/web-search-decision.js";
import { isWebSearchUndecided, offerWebSearches, type WebSearchOffer } from "../../app/web-searches.js";
import { localizeText } from "../l10n/localize.js";
import { askModal, askForText } from "../show-messages.js";
import { askInQuestionBox } from "./ask-box.js";
import {
  canSearchWithoutKey,
  defaultScope,
  pickChoice,
  ScopeChoice,
  SCOPES,
  type ChoiceOf,
} from "./choose-sources.js";
import { WindowProblem } from "../errors.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/** What the user asks for, where, and with which settings and key. */
export interface WindowResearch {
  folder: vscode.WorkspaceFolder;
  config: EngineConfig;
  request: ResearchRequest;
  /** Whether to review the plan first; undefined: use the settings. */
  plan?: boolean | undefined;
  /** Answers to clarifying questions; undefined: ask the user. */
  answers?: string[] | undefined;
}

/** The session that a question follows up on. */
export interface EarlierSession {
  id: string;
  question: string;
  folder: vscode.WorkspaceFolder;
}

/** Stands for a key that was just set: an estimate needs none. */
const SOME_KEY = "-";

/** What a keyboard shortcut, a task or a test may pass instead of answering prompts. */
const Argument = z.object({
  question: z.string(),
  depth: Depth.optional(),
  scope: ScopeChoice.optional(),
  pages: z.array(z.string()).default([]),
  sites: z.array(z.string()).default([]),
  plan: z.boolean().optional(),
  answers: z.array(z.string()).optional(),
});

/** How a question is answered where no prompt asks for it. */
export interface AskChoices {
  depth: Depth;
  scope: Exclude<ScopeChoice, "pages" | "site">;
}

/** The last choices of the user; pages and sites are named anew each time. Without a key, nothing leaves the machine. */
export async function askChoices(context: vscode.ExtensionContext, keys: ApiKeyStore): Promise<AskChoices> {
  const depth = remembered(context, "depth", Depth) ?? "standard";
  const last = remembered(context, "scope", ScopeChoice);
  if (last === "packages" || last === "history") return { depth, scope: last };
  if ((await keys.get()) === null) return { depth, scope: "offline" };
  return { depth, scope: last === undefined || last === "pages" || last === "site" ? "web" : last };
}

/** The selected text as a question. @throws WindowProblem if nothing is selected */
export function questionFromSelection(): string {
  const editor = vscode.window.activeTextEditor;
  const text = collapseWhitespace(editor?.document.getText(editor.selection) ?? "");
  if (text === "") {
    throw new WindowProblem(
      "no-selection",
      vscode.l10n.t("Nothing is selected. Select the text of your question, or type it."),
    );
  }
  return text;
}

/**
 * Asks for question, depth and scope, each prefilled with the last choice.
 * @param argument all of it at once, without prompts
 * @param isOwn whether the argument comes from this window; if not, the user is asked before anything is sent
 * @param question a question that is already known
 * @param earlier the session to follow up on
 * @returns undefined if the user dismissed a prompt
 */
export async function askForResearch(
  context: vscode.ExtensionContext,
  keys: ApiKeyStore,
  argument: unknown,
  isOwn: boolean,
  question?: string,
  earlier?: EarlierSession,
): Promise<WindowResearch | undefined> {
  const folder = earlier?.folder ?? (await chooseFolder());
  if (folder === undefined) return undefined;
  const config = await loadWorkspaceConfig(folder, await keys.get());
  const { key, settings } = config;
  const given = Argument.safeParse(argument);
  if (given.success) {
    const { depth, pages, sites, plan, answers } = given.data;
    const asked = parseQuestion(given.data.question);
    const named = pages.length + sites.length > 0 ? "pages" : null;
    const scope = given.data.scope ?? named ?? (key === null ? "workspace" : "web");
    const sources = { scope: SCOPES[scope], pages, sites };
    const usedKey = scope === "offline" ? null : key;
    const isSearched = sources.scope.includes("web") || sources.scope.includes("google");
    const sends = usedKey !== null || isSearched || named !== null;
    if (!isOwn && sends && !(await confirmSending(asked, sources, key))) return undefined;
    const chosen = await loadWorkspaceConfig(folder, usedKey);
    return {
      folder,
      config: chosen,
      request: toRequest(chosen, asked, depth, sources, earlier),
      plan,
      answers,
    };
  }

  const access = { hasKey: key !== null, hasSearch: canSearchWithoutKey(settings) };
  const last = remembered(context, "scope", ScopeChoice);
  const typed = await askInQuestionBox({
    question: question ?? selection(),
    choices: {
      depth: remembered(context, "depth", Depth) ?? settings.depth,
      scope: defaultScope(access, last),
    },
    access,
    earlier: earlier?.question,
    describeLimit: ({ depth, scope }, { hasKey }) => {
      if (!hasKey || scope === "offline") return "";
      const { maxSources } = settings;
      const limit = describeFreeTierLimit(
        { ...config, key: SOME_KEY },
        { depth, maxSources, scope: SCOPES[scope] },
      );
      return limit === null ? "" : localizeText(limit);
    },
    setKey: async () => (await vscode.commands.executeCommand("deepResearch.setApiKey")) === true,
  });
  if (typed === undefined) return undefined;
  const asked = parseQuestion(typed.question);
  const { depth, scope } = typed;
  const typedPages = scope === "pages" || scope === "site" ? await askPages(scope === "site") : [];
  if (typedPages === undefined) return undefined;
  const named = scope === "site" ? { pages: [], sites: typedPages } : { pages: typedPages };
  const loaded = await loadWorkspaceConfig(folder, scope === "offline" ? null : await keys.get());
  const chosen = await chooseWebSearch(loaded, SCOPES[scope]);
  if (chosen === undefined) return undefined;
  await context.workspaceState.update("depth", depth);
  await context.workspaceState.update("scope", scope);
  const request = toRequest(chosen, asked, depth, { scope: SCOPES[scope], ...named }, earlier);
  return { folder, config: chosen, request };
}

/**
 * Asks, the first time that the web is searched, which search service may get the questions, and remembers it.
 * @returns undefined if the user dismissed the prompt
 */
async function chooseWebSearch(config: EngineConfig, scope: Scope[]): Promise<EngineConfig | undefined> {
  if (!isWebSearchUndecided(config, { scope })) return config;
  const none: ChoiceOf<WebSearchOffer["names"]> = {
    icon: "shield",
    label: vscode.l10n.t("No Search Service"),
    value: [],
    detail: vscode.l10n.t("Reads only pages that the plan names; no search service receives your questions"),
  };
  const offers = offerWebSearches(config).map(({ names, title, detail }) => ({
    icon: "search",
    label: localizeText(title),
    value: names,
    detail: localizeText(detail),
  }));
  const chosen = await pickChoice<WebSearchOffer["names"]>(
    vscode.l10n.t(
      "Which search service may receive your questions? You are asked once; change it later in Settings.",
    ),
    [...offers, none],
    undefined,
  );
  return chosen === undefined ? undefined : decideWebSearches(config, chosen);
}

function toRequest(
  { settings }: EngineConfig,
  question: string,
  depth: Depth | undefined,
  sources: Pick<ResearchRequest, "scope" | "pages" | "sites">,
  earlier: EarlierSession | undefined,
): ResearchRequest {
  const { maxSources } = settings;
  const follows = earlier === undefined ? {} : { follows: earlier.id };
  return { question, depth: depth ?? settings.depth, maxSources, ...sources, ...follows };
}

/** Asks before starting a run that a keyboard shortcut, a task or a link requested. */
async function confirmSending(
  question: string,
  { scope, pages, sites = [] }: Pick<ResearchRequest, "scope" | "pages" | "sites">,
  key: string | null,
): Promise<boolean> {
  const go = vscode.l10n.t("Start Research");
  const where = [
    ...(key !== null ? ["Gemini"] : []),
    ...(scope.includes("web") ? [vscode.l10n.t("the web")] : []),
    ...(scope.includes("google") ? [vscode.l10n.t("Google Search")] : []),
    ...pages,
    ...sites,
  ].join(", ");
  const chosen = await askModal({
    message: vscode.l10n.t(
      "Start this research? A link, a keyboard shortcut or another extension requested it.",
    ),
    detail: [
      question,
      vscode.l10n.t("It will be sent to: {0}", where),
      ...(key !== null && scope.some((each) => each !== "web" && each !== "google")
        ? [vscode.l10n.t("Passages from files in this folder will be sent to Google.")]
        : []),
    ].join("\n\n"),
    safe: vscode.l10n.t("Cancel"),
    buttons: [go],
  });
  return chosen === go;
}

function selection(): string {
  const editor = vscode.window.activeTextEditor;
  const text = collapseWhitespace(editor?.document.getText(editor.selection) ?? "");
  return text.length <= 500 ? text : "";
}

function remembered<T>(context: vscode.ExtensionContext, name: string, schema: z.ZodType<T>): T | undefined {
  return schema.safeParse(context.workspaceState.get(name)).data;
}

async function askPages(isSite: boolean): Promise<string[] | undefined> {
  const split = (text: string): string[] => text.split(/[\s,]+/).filter((each) => each !== "");
  const typed = await askForText({
    title: isSite
      ? vscode.l10n.t("Deep Research: Documentation Site")
      : vscode.l10n.t("Deep Research: Pages"),
    prompt: isSite
      ? vscode.l10n.t("Site URLs, separated by spaces; everything below each URL is searched")
      : vscode.l10n.t("URLs to read, separated by spaces"),
    placeHolder: isSite
      ? "https://docs.example.org/"
      : "https://example.org/guide https://example.org/reference",
    ignoreFocusOut: true,
    validateInput: (text) => {
      const wrong = split(text).find((each) => !/^https?:\/\//i.test(each) || !URL.canParse(each));
      if (wrong !== undefined) return vscode.l10n.t("“{0}” is not an http or https address.", wrong);
      return split(text).length === 0 ? vscode.l10n.t("Enter at least one page.") : undefined;
    },
  });
  return typed === undefined ? undefined : split(typed);
}
