import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { toPageAddresses, type PlanRevision } from "./plan.js";
import { DEPTHS, type Depth, type Plan } from "../domain/schema.js";

/*
 * A plan as a Markdown document that a person edits, and back: the title, a list of sub-questions, a list
 * of what must be covered. Read leniently: whatever looks like an item is one.
 */

/** What stands around a plan in its document, in the reader's language. */
export interface PlanDocumentTexts {
  /** What to do with the document, a line each. */
  about: string[];
  questions: string;
  cover: string;
  pages: string;
}

/** Why a document is no plan that can be run. */
export type PlanProblem =
  | { kind: "no-questions" }
  | { kind: "too-many"; found: number; most: number }
  | { kind: "too-long"; number: number; most: number };

/** Characters of one question or phrase at most. */
const LONGEST = 1000;

/** The plan as a document. */
export function renderPlanDocument(
  { title, questions, cover, pages = [] }: Plan,
  words: PlanDocumentTexts,
): string {
  return [
    `# ${title}`,
    "",
    "<!--",
    // Nothing in it may end the comment.
    ...words.about.map((line) => line.replaceAll("--", "–")),
    "-->",
    "",
    `## ${words.questions}`,
    "",
    ...questions.map(({ question }, index) => `${index + 1}. ${question}`),
    "",
    `## ${words.cover}`,
    "",
    ...cover.map((phrase) => `- ${phrase}`),
    "",
    ...(pages.length === 0 ? [] : [`## ${words.pages}`, "", ...pages.map((page) => `- <${page}>`), ""]),
  ].join("\n");
}

/** Headings under which stands what must be covered, where the one before it was removed. */
const COVER = new Set(["must be covered", "muss behandelt werden"]);

/** What a document says: a revision of the plan, or why it cannot be run. */
export function readPlanDocument(text: string, depth: Depth): PlanRevision | PlanProblem {
  const lines = removeInvisibleCharacters(text)
    .text.replace(/\r\n?/g, "\n")
    // A comment begins a line; one that does not end takes the rest with it.
    .replace(/^[ \t]*<!--[^]*?(?:-->|(?![^]))/gm, "")
    .split("\n");
  let title = "";
  let heading = 0;
  let isCover = false;
  const questions: string[] = [];
  const cover: string[] = [];
  for (const line of lines) {
    const [, marks = "", behind = ""] = /^ {0,3}(#{1,6})((?:[ \t].*)?)$/.exec(line) ?? [];
    const named = behind.trim().replace(/(?<![ \t])[ \t]+#+$/, "");
    if (marks === "#" && title === "" && heading === 0 && questions.length === 0) title = named.trim();
    else if (marks !== "") {
      heading++;
      isCover = heading > 1 || COVER.has(named.trim().toLowerCase());
    } else add(isCover ? cover : questions, line);
  }
  const asked = distinct(questions);
  const { questions: most } = DEPTHS[depth];
  if (asked.length === 0) return { kind: "no-questions" };
  if (asked.length > most) return { kind: "too-many", found: asked.length, most };
  const long = asked.findIndex((question) => question.length > LONGEST);
  if (long >= 0) return { kind: "too-long", number: long + 1, most: LONGEST };
  // An address is a page to read, under whatever heading behind the questions it stands.
  const pages = toPageAddresses(cover);
  const isPage = (phrase: string): boolean => toPageAddresses([phrase]).length > 0;
  const phrases = distinct(cover.filter((phrase) => !isPage(phrase)));
  return { title, questions: asked, cover: phrases.map((phrase) => phrase.slice(0, LONGEST)), pages };
}

/** Adds what a line says: an item of its own or, where it is indented and no item, more of the last one. */
function add(items: string[], line: string): void {
  const [, mark, rest] = /^\s*([-*+]|\d{1,3}[.)])(?:\s([^]*))?$/.exec(line) ?? [];
  const said = (mark === undefined ? line : (rest ?? "")).replace(/^\s*\[[ xX]\]\s/, "").trim();
  // Ignore horizontal rules and empty list items.
  if (!/[\p{L}\p{N}]/u.test(said)) return;
  if (mark === undefined && /^\s{2}/.test(line) && items.length > 0)
    items.push(`${items.pop() ?? ""} ${said}`);
  else items.push(said);
}

function distinct(items: string[]): string[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = item.replace(/\s+/g, " ").toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}

export function isPlanProblem(read: PlanRevision | PlanProblem): read is PlanProblem {
  return "kind" in read;
}

/** The problem for a person. */
export function planProblemError(problem: PlanProblem): ResearchError {
  switch (problem.kind) {
    case "no-questions":
      return new ResearchError(
        "bad-plan",
        msg`The plan has no question left.`,
        msg`Write one as a list item.`,
      );
    case "too-many": {
      const { found, most } = problem;
      return new ResearchError(
        "bad-plan",
        msg`The plan has ${found} questions, and this depth allows ${most}.`,
        msg`Remove ${found - most} of them.`,
      );
    }
    case "too-long":
      return new ResearchError(
        "bad-plan",
        msg`Question ${problem.number} of the plan has more than ${problem.most} characters.`,
        msg`Shorten it.`,
      );
  }
}
