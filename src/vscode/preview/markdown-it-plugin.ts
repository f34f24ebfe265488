import type { MarkdownIt, Renderer, Token } from "markdown-it";
import { addCitationChips, type PreviewLocalizer } from "./citation-chips.js";
import { sanitizeTokens, type EditorRendering } from "./sanitize-tokens.js";

/*
 * Reports in VS Code's Markdown preview: citations are chips that show their verdict, and nothing that somebody
 * wrote into a report can load or run. All other Markdown is rendered as without this plugin.
 *
 * It works where tokens become HTML, not where Markdown becomes tokens: VS Code tells only then which document it
 * is. And it renders by markdown-it's own rules, not by those that other extensions put in their place.
 */

/** What is needed of a vscode.Uri. */
export interface DocumentUri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** Links of one report that are looked up on the disk; what is beyond that counts as leading out. */
const LOOKED_UP = 2000;

/** Tells where a link of a document leads that leaves its workspace; null for all others. */
export type ResolveOutsideLink = (document: DocumentUri, href: string) => string | null;

/** A document on its way to HTML: tokens, options and environment. */
type Document = Parameters<Renderer["render"]>;

/** Characters of a report that gets chips. */
const LARGEST = 2 * 1024 * 1024;

const DATA_REPORTS = /\/data\/reports\//i;

/**
 * Makes the plugin.
 * @param isReportFile whether a document lies in a folder for reports besides `data/reports`
 * @param leadsOut finds links that leave the workspace
 * @param l10n where a chip's words come from
 */
export function createReportPreview(
  isReportFile: (uri: DocumentUri) => boolean,
  leadsOut: ResolveOutsideLink,
  l10n: PreviewLocalizer,
): (md: MarkdownIt) => void {
  return (md) => {
    const ours = new WeakSet<Token>();
    md.core.ruler.push("deep_research_report", (state) => {
      if (!hasReportFrontMatter(state.src)) return;
      for (const token of state.tokens) ours.add(token);
    });
    const others = md.renderer.render.bind(md.renderer);
    md.renderer.render = (...document) => {
      const [tokens, , env] = document;
      const uri = uriOf(env);
      const isReport =
        tokens.some((token) => ours.has(token)) ||
        (uri !== null && (DATA_REPORTS.test(uri.path) || isReportFile(uri)));
      return isReport ? renderReport(md, document, leadsOut, l10n) : others(...document);
    };
  };
}

function renderReport(
  md: MarkdownIt,
  document: Document,
  leadsOut: ResolveOutsideLink,
  l10n: PreviewLocalizer,
): string {
  const [tokens, options, env] = document;
  const shown = sanitizeTokens(tokens, editorOf(md, document, leadsOut, l10n));
  // What is larger is no report of ours: it is shown, as harmless as any, without chips.
  if (tokens.reduce((sum, { content }) => sum + content.length, 0) <= LARGEST) addCitationChips(shown, l10n);
  const Plain = md.renderer.constructor as new () => Renderer;
  return new Plain().render(shown, { ...options, highlight: null }, env);
}

/** Asks the rules that VS Code added after us, on copies; of their HTML nothing is used. */
function editorOf(
  md: MarkdownIt,
  [tokens, options, env]: Document,
  leadsOut: ResolveOutsideLink,
  l10n: PreviewLocalizer,
): EditorRendering {
  const uri = uriOf(env);
  const known = new Map<string, string | null>();
  const copies = tokens.map(copy);
  const ask = (rule: string, index: number): string => {
    try {
      return md.renderer.rules[rule]?.(copies, index, options, env, md.renderer) ?? "";
    } catch {
      // Another extension's rule that stumbles over its own document is not our report's problem.
      return "";
    }
  };
  return {
    headingId: (index) => {
      ask("heading_open", index);
      const id = copies[index]?.attrs?.find(([name]) => name === "id")?.[1];
      return id === undefined ? null : String(id);
    },
    leadsOut: (href) => {
      if (uri === null || href.startsWith("#") || /^https?:/i.test(href)) return null;
      const before = known.get(href);
      if (before !== undefined) return before;
      if (known.size >= LOOKED_UP) return href;
      const found = leadsOut(uri, href);
      known.set(href, found);
      return found;
    },
    outside: (target) => l10n.t("Points outside the workspace: {0}", target),
    showsFrontMatter: (index) => ask("front_matter", index) !== "",
  };
}

function copy(token: Token): Token {
  const attrs = token.attrs?.map(([name, value]): [string, string] => [name, String(value)]) ?? null;
  return Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token, { attrs });
}

/** Whether a text, with LF line ends, begins with front matter as our reports have it. */
function hasReportFrontMatter(markdown: string): boolean {
  const first = /^\ufeff?---[^\S\n]*(?=\n)/.exec(markdown)?.[0];
  if (first === undefined) return false;
  const rest = markdown.slice(first.length);
  const end = rest.search(/\n---[^\S\n]*(?:\n|$)/);
  return end >= 0 && /^session[^\S\n]*:/m.test(rest.slice(0, end));
}

function uriOf(env: unknown): DocumentUri | null {
  const document: unknown =
    typeof env === "object" && env !== null && "currentDocument" in env ? env.currentDocument : undefined;
  return isUri(document) ? document : null;
}

function isUri(value: unknown): value is DocumentUri {
  return typeof value === "object" && value !== null && "path" in value && typeof value.path === "string";
}
