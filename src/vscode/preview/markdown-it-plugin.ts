import type { MarkdownIt, Renderer, Token } from "markdown-it";
import { addCitationChips, type PreviewLocalizer } from "./citation-chips.js";
import { sanitizeTokens, type EditorRendering } from "./sanitize-tokens.js";

/*
 * Reports in VS Code's Markdown preview: citations are chips that show their verdict, and nothing in a report
 * can load or run anything. Other Markdown is rendered as without this plugin.
 *
 * The plugin works at rendering, not at parsing, because VS Code passes the document only then. It uses
 * markdown-it's own rules instead of those that other extensions may have replaced.
 */

/** The part of vscode.Uri that is needed here. */
export interface DocumentUri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/**
 * Maximum number of links per report that are resolved on disk; further links count as leaving the workspace.
 */
const LOOKED_UP = 2000;

/** The target of a link that leaves the document's workspace; null for all others. */
export type ResolveOutsideLink = (document: DocumentUri, href: string) => string | null;

/** A document to render: tokens, options and environment. */
type Document = Parameters<Renderer["render"]>;

/** Maximum size of a report with chips, in characters. */
const LARGEST = 2 * 1024 * 1024;

const DATA_REPORTS = /\/data\/reports\//i;

/**
 * Creates the plugin.
 * @param isReportFile whether a document is in a report folder other than `data/reports`
 * @param leadsOut finds links that leave the workspace
 * @param l10n translates the chip's texts
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
      const uri = documentUri(env);
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
  const shown = sanitizeTokens(tokens, createEditorRendering(md, document, leadsOut, l10n));
  // Larger documents are not our reports: they are sanitized, but get no chips.
  if (tokens.reduce((sum, { content }) => sum + content.length, 0) <= LARGEST) addCitationChips(shown, l10n);
  const Plain = md.renderer.constructor as new () => Renderer;
  return new Plain().render(shown, { ...options, highlight: null }, env);
}

/** Calls the rules that VS Code added after ours, on copies; their HTML is not used. */
function createEditorRendering(
  md: MarkdownIt,
  [tokens, options, env]: Document,
  leadsOut: ResolveOutsideLink,
  l10n: PreviewLocalizer,
): EditorRendering {
  const uri = documentUri(env);
  const known = new Map<string, string | null>();
  const copies = tokens.map(copy);
  const ask = (rule: string, index: number): string => {
    try {
      return md.renderer.rules[rule]?.(copies, index, options, env, md.renderer) ?? "";
    } catch {
      // An error in another extension's rule must not break the report.
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

/** Whether a text with LF line endings starts with the front matter of a report. */
function hasReportFrontMatter(markdown: string): boolean {
  const first = /^\ufeff?---[^\S\n]*(?=\n)/.exec(markdown)?.[0];
  if (first === undefined) return false;
  const afterFirstLine = markdown.slice(first.length);
  const end = afterFirstLine.search(/\n---[^\S\n]*(?:\n|$)/);
  return end >= 0 && /^session[^\S\n]*:/m.test(afterFirstLine.slice(0, end));
}

function documentUri(env: unknown): DocumentUri | null {
  const document: unknown =
    typeof env === "object" && env !== null && "currentDocument" in env ? env.currentDocument : undefined;
  return isUri(document) ? document : null;
}

function isUri(value: unknown): value is DocumentUri {
  return typeof value === "object" && value !== null && "path" in value && typeof value.path === "string";
}
