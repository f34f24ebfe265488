/*
 * What a document says about its own worth: superseded, deprecated, archived. Only sentences whose subject is the
 * document count: "deprecated since 2.0" below a function's name is about the function.
 */

export type DocumentStatusKind = "superseded" | "deprecated" | "archived";

export interface DocumentStatus {
  kind: DocumentStatusKind;
  /** The line in which the document says so, as it stands there. */
  said: string;
}

/** A document says it at its beginning, in lines of text and in characters. */
const HEAD_LINES = 40;
const HEAD_CHARACTERS = 4000;
const MAX_LINE = 400;

const SUBJECT =
  "(?:this|the present) (?:[\\w-]{1,20} ){0,2}(?:document|documentation|page|guide|manual|file|article|spec|specification|rfc|adr|decision|proposal|tutorial|chapter|readme|repository|repo|project|package|policy|standard|plan|note|wiki|draft|version of (?:this|the) (?:document|guide|page|manual|specification))";
const STATE =
  "(?:superseded|replaced by|obsoleted|obsolete|deprecated|retired|withdrawn|outdated|out of date|archived|unmaintained|read-only|no longer (?:being )?(?:maintained|valid|current|updated|accurate|in force|in use|supported))";
const SAYS = [
  new RegExp(
    `\\b${SUBJECT} (?:is|has been|was|has now been|are) (?:now |officially |currently |considered |hereby )?${STATE}`,
    "i",
  ),
  /^(?:[-*#>|\s]|(?:note|warning|caution|important|attention|notice|achtung|hinweis): ?){0,6}(?:superseded|obsoleted|replaced|ersetzt) (?:by|durch)\b/i,
  /^[-*#>|\s]{0,6}(?:document )?(?:status|state|zustand):?\s*[|:]?\s*(?:superseded|deprecated|obsolete|archived|retired|withdrawn|outdated|abgelöst|ersetzt|veraltet|archiviert)\b/i,
  /^[-*#>|\s]{0,6}obsoleted[ -]by:?\s+\S/i,
  /^(?:[-*#>|!\s]|(?:note|warning|caution|important|attention|notice|achtung|hinweis): ?){0,6}(?:dieses dokument|diese seite|diese anleitung|diese fassung|dieser artikel) (?:ist|wurde|gilt als) (?:inzwischen |mittlerweile |bereits )?(?:veraltet|überholt|ersetzt|abgelöst|archiviert|nicht mehr (?:gültig|aktuell|gepflegt))/i,
];
/** A mark in the title: "[DEPRECATED] Old API", "Plan (superseded)". */
const TITLE_MARK =
  /^[[(]?(superseded|deprecated|obsolete|archived|outdated|veraltet|archiviert)(?:[\])]|[:!]| [-–—]) ?|[[(](superseded|deprecated|obsolete|archived|outdated|veraltet|archiviert)[\])]$/i;
const STATUS_TITLE = /^#{1,6} (?:document )?(?:status|zustand)$/i;
const STATUS_WORD =
  /^(?:superseded|deprecated|obsolete|archived|retired|withdrawn|ersetzt|abgelöst|veraltet|archiviert)\b/i;
const FIELD =
  /^(?:status|state):\s{0,10}["']?(?:superseded|deprecated|obsolete|archived|retired|withdrawn)\b|^(?:deprecated|archived|obsolete|superseded|outdated):\s{0,10}true\b|^(?:superseded|replaced|obsoleted)[_-]by:\s{0,10}\S/i;

/**
 * What a document calls itself; null if it says nothing of the kind.
 * @param text as it is read
 * @param source its source, whose front matter counts
 */
export function findDocumentStatus(title: string, text: string, source = ""): DocumentStatus | null {
  const [fields = ""] = /^---\n[^]{0,3000}?\n---/.exec(source.slice(0, 4000)) ?? [];
  const field = fields.split("\n").find((line) => FIELD.test(line));
  if (field !== undefined) return statusOf(field);
  if (TITLE_MARK.test(title.slice(0, MAX_LINE))) return statusOf(title.slice(0, MAX_LINE));
  const lines = text
    .slice(0, HEAD_CHARACTERS)
    .split("\n", HEAD_LINES)
    .map((line) => line.slice(0, MAX_LINE));
  // A sentence may run over two lines.
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1] ?? "";
    const below = next === "" ? (lines[at + 2] ?? "") : next;
    if (STATUS_TITLE.test(line) && STATUS_WORD.test(below)) return statusOf(below);
    if (SAYS.some((pattern) => pattern.test(line))) return statusOf(line);
    if (SAYS[0]?.test(`${line} ${next}`) === true) return statusOf(`${line} ${next}`);
  }
  return null;
}

function statusOf(said: string): DocumentStatus {
  const kind = /supersed|replaced|ersetzt|abgelöst|obsoleted[ -]by|überholt/i.test(said)
    ? "superseded"
    : /archiv|read-only|no longer (?:being )?(?:maintained|updated)|unmaintained|nicht mehr gepflegt/i.test(
          said,
        )
      ? "archived"
      : "deprecated";
  return { kind, said: said.replace(/^[-*#>|\s]+/, "").replace(/[|\s]+$/, "") };
}
