import { roleText, type ReportDropped } from "./markdown-inline.js";

/*
 * What a reader sees of a line of reStructuredText: roles and references become their text, literals stand in single
 * backticks, marks of emphasis and notes go.
 */

const MARKS =
  /\\([^])|``([^]+?)``(?!`)|(:[A-Za-z][\w+.:-]{0,60}:)?`((?:[^`\\]|\\[^])+)`(:[A-Za-z][\w+.:-]{0,60}:)?_{0,2}|\|([^|\s](?:[^|\n]{0,80}[^|\s])?)\|_{0,2}| ?\[(?:#[\w-]*|\*|\d{1,3}|[A-Za-z][\w.-]{0,40})\]_|(\*\*?)(?=\S)|(?<![\w`])([A-Za-z0-9](?:[\w.-]{0,80}[A-Za-z0-9])?)__?(?![\w`])/g;

/** What a document says about its own names. */
export interface RstNames {
  /** What substitutions stand for. */
  substitutions: ReadonlyMap<string, string>;
  /** The titles of sections by their labels, which are in lower case. */
  labels: ReadonlyMap<string, string>;
}

/** Code between backticks, of which there are two where it has one itself. */
function codeSpan(code: string): string {
  if (!code.includes("`")) return `\`${code}\``;
  const isEdge = code.startsWith("`") || code.endsWith("`");
  return isEdge ? `\`\` ${code} \`\`` : `\`\`${code}\`\``;
}

/** The lines of a literal as one; within a line, blanks stay. */
function joinLines(literal: string): string {
  if (!literal.includes("\n")) return literal;
  return literal
    .split("\n")
    .map((line) => line.trim())
    .join(" ");
}

/** Replaces the marks in one paragraph. */
export function rstInlineText(text: string, names: RstNames, drop: ReportDropped): string {
  if (!/[\\`|*_]/.test(text)) return text;
  // Each paragraph is short, or cut into pieces that are.
  return cutText(text)
    .map((piece) =>
      removeEmphasis(
        piece.replace(
          MARKS,
          (
            whole: string,
            escaped: string | undefined,
            literal: string | undefined,
            role: string | undefined,
            inside: string | undefined,
            roleAfter: string | undefined,
            name: string | undefined,
            stars: string | undefined,
            reference: string | undefined,
          ) => {
            if (escaped !== undefined) return /\s/.test(escaped) ? "" : protect(escaped);
            // A code span ends with its line for whoever reads it as Markdown.
            if (literal !== undefined) return keepBreaks(literal, protect(codeSpan(joinLines(literal))));
            if (inside !== undefined) {
              const shown = textOfRole(role ?? roleAfter ?? "", inside, names);
              drop("markup", role ?? roleAfter ?? "");
              if (!inside.includes(shown)) drop("addresses of links", inside);
              else if (shown.length < inside.length) drop("addresses of links", inside.replace(shown, ""));
              return keepBreaks(inside, protect(shown));
            }
            if (name !== undefined) return names.substitutions.get(name) ?? name;
            if (stars !== undefined) return whole;
            if (reference !== undefined) return reference;
            drop("marks of notes", whole);
            return "";
          },
        ),
      ),
    )
    .join("")
    .replace(/[\ue000-\ue002]/g, (one) => PROTECTED[one] ?? one);
}

/** Signs that emphasis would take are put aside in private characters. */
const PROTECTED: Record<string, string> = { "\ue000": "*", "\ue001": "_", "\ue002": "\\" };

function protect(text: string): string {
  return text.replaceAll("*", "\ue000").replaceAll("_", "\ue001");
}

function removeEmphasis(text: string): string {
  return text.replace(
    /(?<![\p{L}\p{N}*])(\*{1,2})(?=[^\s*])([^*]{1,2000}?)(?<=\S)\1(?![\p{L}\p{N}*])/gu,
    (_, _marks, inside: string) => inside,
  );
}

/** Longer paragraphs are data or hostile. */
const MAX_PIECE = 8000;

function cutText(text: string): string[] {
  if (text.length <= MAX_PIECE) return [text];
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += MAX_PIECE) pieces.push(text.slice(at, at + MAX_PIECE));
  return pieces;
}

function textOfRole(role: string, inside: string, { labels }: RstNames): string {
  // A formula keeps its backslashes.
  if (role === ":math:") return roleText(role, inside);
  const text = inside.replace(/\\([^\s])/g, "$1").replace(/\\\s/g, "");
  if (role === "") {
    const target = text.lastIndexOf("<");
    return target > 0 && text.endsWith(">") ? text.slice(0, target).trimEnd() : text;
  }
  if (/:(?:ref|numref):$/.test(role) && !text.endsWith(">")) {
    const title = labels.get(text.toLowerCase().replace(/\s+/g, " "));
    // A label is words and hyphens.
    return title ?? text.replace(/(?<=\w)[-_]+(?=\w)/g, " ");
  }
  if (/:(?:code|samp|file|kbd|command|literal|program|guilabel|makevar):$/.test(role)) return text;
  return roleText(role, text);
}

/** A text with as many line breaks as another one had. */
function keepBreaks(before: string, after: string): string {
  const missing = before.split("\n").length - after.split("\n").length;
  return missing > 0 ? after + "\n".repeat(missing) : after;
}
