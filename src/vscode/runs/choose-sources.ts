import * as vscode from "vscode";
import * as z from "zod";
import type { EngineConfig } from "../../app/types.js";
import type { Scope } from "../../core/domain/research-request.js";
import type { Depth } from "../../core/domain/schema.js";
import { pickOne, type PickItem } from "../show-messages.js";

/* What a question is answered from, and how deeply. */

export const ScopeChoice = z.enum([
  "workspace",
  "web",
  "both",
  "google",
  "offline",
  "packages",
  "history",
  "site",
  "pages",
]);
export type ScopeChoice = z.infer<typeof ScopeChoice>;

/** What each choice searches. "offline" also leaves the key unused. */
export const SCOPES: Record<ScopeChoice, Scope[]> = {
  workspace: ["workspace"],
  offline: ["workspace"],
  web: ["web"],
  both: ["workspace", "web"],
  google: ["google"],
  packages: ["packages"],
  history: ["history"],
  site: [],
  pages: [],
};

export interface ChoiceOf<T> extends PickItem {
  value: T;
}

/** Shows choices with the last one on top, so that Enter repeats it. */
export async function pickChoice<T>(
  title: string,
  choices: ChoiceOf<T>[],
  last: T | undefined,
): Promise<T | undefined> {
  const first = choices.findIndex(({ value }) => value === last);
  const ordered = first > 0 ? [choices[first], ...choices.filter((_, index) => index !== first)] : choices;
  const chosen = await pickOne(
    ordered.filter((choice) => choice !== undefined),
    { title, ignoreFocusOut: true, matchOnDetail: true },
  );
  return chosen?.value;
}

/** The depths, with their names. */
export function depthChoices(): ChoiceOf<Depth>[] {
  return [
    {
      label: vscode.l10n.t("Quick"),
      value: "quick",
      detail: vscode.l10n.t("Up to 3 sub-questions and one round of searching; usually takes about a minute"),
    },
    {
      label: vscode.l10n.t("Standard"),
      value: "standard",
      detail: vscode.l10n.t("Up to 5 sub-questions and 2 rounds"),
    },
    {
      label: vscode.l10n.t("Deep"),
      value: "deep",
      detail: vscode.l10n.t("Up to 8 sub-questions and 3 rounds; for broad topics"),
    },
  ];
}

/** Lets the user choose a depth. @returns undefined if the user dismissed the prompt */
export function pickDepth(last: Depth): Promise<Depth | undefined> {
  return pickChoice(vscode.l10n.t("Deep Research: Depth"), depthChoices(), last);
}

/** What is on this machine besides the workspace's files. @param sent says where its passages go */
function localSources(sent: string): ChoiceOf<ScopeChoice>[] {
  return [
    {
      icon: "package",
      label: vscode.l10n.t("Installed Packages"),
      value: "packages",
      detail: vscode.l10n.t("Documentation and types of what this workspace depends on. {0}", sent),
    },
    {
      icon: "history",
      label: vscode.l10n.t("Git History"),
      value: "history",
      detail: vscode.l10n.t(
        "Commits, tags and changed lines: why the code is the way it is, and since when. {0}",
        sent,
      ),
    },
  ];
}

/** What the sources depend on. */
export interface SearchAccess {
  hasKey: boolean;
  hasSearch: boolean;
}

/** Whether a search is set that finds pages without a model's key. */
export function canSearchWithoutKey({ searxngUrl, webSearches }: EngineConfig["settings"]): boolean {
  return searxngUrl !== "" || webSearches.some((name) => name !== "none");
}

/** What a question can be answered from, each with what leaves this machine. */
export function scopeChoices({ hasKey, hasSearch }: SearchAccess): ChoiceOf<ScopeChoice>[] {
  const site: ChoiceOf<ScopeChoice> = {
    icon: "book",
    label: vscode.l10n.t("Documentation Site…"),
    value: "site",
    detail: vscode.l10n.t(
      "Searches a site that you enter: by its own search index or page list, or by Read the Docs if that hosts it",
    ),
  };
  const withKey: ChoiceOf<ScopeChoice>[] = [
    {
      icon: "globe",
      label: vscode.l10n.t("The Web"),
      value: "web",
      detail: hasSearch
        ? vscode.l10n.t(
            "Reads and quotes pages that Gemini suggests or your search services find; your question goes to Google and to those services",
          )
        : vscode.l10n.t("Reads and quotes pages that Gemini suggests; your question goes to Google"),
    },
    {
      icon: "folder",
      label: vscode.l10n.t("This Workspace"),
      value: "workspace",
      detail: vscode.l10n.t("Passages from your files are sent to Google"),
    },
    {
      icon: "layers",
      label: vscode.l10n.t("Workspace and Web"),
      value: "both",
      detail: vscode.l10n.t(
        "Your files and the web; your question and passages of your files are sent to Google",
      ),
    },
    ...localSources(vscode.l10n.t("Passages are sent to Google")),
    {
      icon: "search",
      label: vscode.l10n.t("Google Search"),
      value: "google",
      detail: vscode.l10n.t(
        "Gemini answers from Google Search, in a section of its own that cannot be checked; your question goes to Google",
      ),
    },
    {
      icon: "shield",
      label: vscode.l10n.t("This Workspace, Offline"),
      value: "offline",
      detail: vscode.l10n.t("The offline engine; nothing leaves this machine"),
    },
    site,
    {
      icon: "link",
      label: vscode.l10n.t("Pages…"),
      value: "pages",
      detail: vscode.l10n.t("URLs that you enter"),
    },
  ];
  const withoutKey: ChoiceOf<ScopeChoice>[] = [
    {
      icon: "folder",
      label: vscode.l10n.t("This Workspace"),
      value: "offline",
      detail: vscode.l10n.t("The offline engine; nothing leaves this machine"),
    },
    {
      icon: "globe",
      label: vscode.l10n.t("The Web"),
      value: "web",
      detail: vscode.l10n.t(
        "The offline engine reads pages that your search services find; your search terms are sent to those services",
      ),
    },
    ...localSources(vscode.l10n.t("The offline engine; nothing leaves this machine")),
    site,
    {
      icon: "link",
      label: vscode.l10n.t("Pages…"),
      value: "pages",
      detail: vscode.l10n.t("URLs that you enter, read by the offline engine"),
    },
  ];
  return hasKey ? withKey : withoutKey;
}

/**
 * Lets the user choose the sources.
 * @returns "key" to set a key first; undefined if the user dismissed the prompt
 */
export function pickScope(access: SearchAccess, last: ScopeChoice): Promise<ScopeChoice | "key" | undefined> {
  const setKey: ChoiceOf<"key"> = {
    icon: "key",
    label: vscode.l10n.t("Set API Key…"),
    value: "key",
    detail: vscode.l10n.t("With a Gemini key, a model writes the report and you can search the web"),
  };
  const choices = scopeChoices(access);
  const all: ChoiceOf<ScopeChoice | "key">[] = access.hasKey ? choices : [...choices, setKey];
  return pickChoice(vscode.l10n.t("Deep Research: Sources"), all, last);
}

/** The choice that Enter takes: the last one, if it needs no address and is still possible. */
export function defaultScope(access: SearchAccess, last: ScopeChoice | undefined): ScopeChoice {
  const isNamed = last === "pages" || last === "site";
  const isPossible = scopeChoices(access).some(({ value }) => value === last);
  if (last !== undefined && isPossible && !isNamed) return last;
  return access.hasKey ? "web" : "offline";
}
