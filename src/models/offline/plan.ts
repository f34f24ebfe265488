import { termsOfPreviousQuestion } from "../../core/pipeline/follow-up-query.js";
import { applyClarifications } from "../../core/pipeline/plan.js";
import type { SourceKind } from "../../core/domain/schema.js";
import type { PlanDraft, PlanInput } from "../../core/prompts/plan.js";
import {
  splitClauses,
  comparedItems,
  findKeywords,
  questionKind,
  findNames,
  hasNoSubject,
  leansOnAnotherClause,
} from "./question-analysis.js";
import { germanKeywords, isGermanQuestion } from "./german-question.js";
import { replacePhrases } from "./synonyms.js";
import { questionToTitle } from "./titles.js";

/** "According to the documentation, where …" asks where. */
function withoutPreamble(question: string): string {
  const bare = question.replace(
    /^\s*(?:according to|based on|as (?:per|stated in|described in)|in|per) (?:the |this |our )?[\w' -]{3,40}?,\s+(?=(?:how|what|which|why|when|where|who|is|are|do|does|can)\b)/i,
    "",
  );
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** "And how long are they kept?" asks how long. */
function withoutJoint(question: string): string {
  const bare = question.replace(/^\s*(?:and|but|so|also|then|or|ok(?:ay)?)\b[,\s]+/i, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

interface SubQuestion {
  question: string;
  query: string;
  cover: string;
}

/** Takes a question apart by its form; a simple one stays whole, and one that names nothing is asked back about. */
export function planOffline({
  question: given,
  questions: most,
  kinds = [],
  before,
  answers = [],
}: PlanInput): PlanDraft {
  const said = applyClarifications(given, answers);
  const question = withoutPreamble(before === undefined ? said : withoutJoint(said));
  const carried = before === undefined ? [] : termsOfPreviousQuestion(question, before);
  const about = carried.length === 0 ? "" : ` (${carried.slice(0, 3).join(", ")})`;
  const isGerman = isGermanQuestion(question);
  // Names, comparisons and clauses are recognized by English words.
  const parts = isGerman
    ? []
    : distinct([...sides(question), ...asked(question), ...named(question)]).slice(0, most);
  const whole = {
    question,
    query:
      (isGerman ? germanKeywords(question) : findKeywords(replacePhrases(question))).join(" ") || question,
    cover: questionToTitle(question),
  };
  const chosen = parts.length > 0 ? parts : [whole];
  return {
    title: `${questionToTitle(question)}${about}`,
    kind: questionKind(question),
    questions: chosen.map(({ question: text, query }) => ({
      question: `${text}${about}`,
      query: [query, ...carried].join(" "),
      ...sourcesOf(`${given} ${text}`, kinds),
    })),
    cover: chosen.map(({ cover }) => cover).filter((cover) => cover !== ""),
    ...(before === undefined && hasNoSubject(question)
      ? { unclear: [{ question: "What is the question about?", options: [] }] }
      : {}),
  };
}

/** An error message: a code, an exception's name, or what programs say when they fail. */
const ERROR_NAME = /\b(?:[A-Z][A-Za-z]{2,40}(?:Error|Exception)|E[A-Z]{4,20}|TS\d{4})\b/;
const ERROR_WORDS =
  /\b(?:error:|traceback|segmentation fault|stack trace|cannot find module|is not a function|undefined is not|permission denied|exit code \d)/i;
const HISTORY = /\b(?:why|since when|who (?:changed|added|removed)|when was)\b/i;

/** Where a question with an error message goes: to those who had it, and to what is here. Others go everywhere. */
function sourcesOf(question: string, kinds: readonly SourceKind[]): { sources?: string[] } {
  const isHere = (kind: SourceKind): boolean => ["workspace", "packages", "sites"].includes(kind);
  const isError = ERROR_NAME.test(question) || ERROR_WORDS.test(question);
  if (isError && kinds.includes("questions")) {
    const isForDevelopers = (kind: SourceKind): boolean =>
      kind === "questions" || kind === "issues" || kind === "web";
    return { sources: kinds.filter((kind) => isHere(kind) || isForDevelopers(kind)) };
  }
  if (HISTORY.test(question) && kinds.includes("history")) {
    return { sources: kinds.filter((kind) => isHere(kind) || kind === "history" || kind === "issues") };
  }
  return {};
}

/** Each side of a comparison, with what is compared. */
function sides(question: string): SubQuestion[] {
  const things = comparedItems(question);
  const own = new Set(things.flatMap((thing) => findKeywords(thing).map((word) => word.toLowerCase())));
  const aspect = findKeywords(question).filter((word) => !own.has(word.toLowerCase()) && !isComparing(word));
  return things.map((thing) => ({
    question: aspect.length === 0 ? `What is ${thing}?` : `What about ${thing}: ${aspect.join(" ")}?`,
    query: [thing, ...aspect.slice(0, 4)].join(" "),
    cover: thing,
  }));
}

function isComparing(word: string): boolean {
  return /^(?:differ\w*|compar\w*|key|main|versus|vs|relationship|between|choos\w*|choice|better|prefer\w*)$/i.test(
    word,
  );
}

/** Each clause that asks something; one that leans on the first ("they", "it") is searched with its names. */
function asked(question: string): SubQuestion[] {
  const all = splitClauses(question);
  if (all.length < 2) return [];
  const names = findNames(all[0] ?? "");
  const first = names.length > 0 ? names : findKeywords(all[0] ?? "").slice(0, 4);
  return all.map((clause, index) => {
    const leans = index > 0 && leansOnAnotherClause(clause);
    const isThin = index > 0 && findKeywords(clause).length < 3;
    const words = findKeywords(clause);
    const isNamed = names.length > 0 && !names.every((name) => clause.includes(name));
    const text = (leans || isThin) && isNamed ? `${capital(clause)} (${names.join(", ")})` : capital(clause);
    return {
      question: `${text}?`,
      query: [...(leans || isThin ? first : []), ...words].join(" "),
      cover: questionToTitle(clause),
    };
  });
}

/** Where several names meet in one question, each is worth a search of its own. */
function named(question: string): SubQuestion[] {
  const names = findNames(question).filter(
    (name) => /\p{L}{3}/u.test(name) && !/^\p{Lu}{2,4}$/u.test(name) && !name.includes("\\"),
  );
  if (names.length < 2) return [];
  return names.map((name) => ({ question: `What is ${name}?`, query: name, cover: "" }));
}

function distinct(parts: SubQuestion[]): SubQuestion[] {
  const kept: SubQuestion[] = [];
  for (const part of parts) {
    const words = new Set(findKeywords(part.query.toLowerCase()));
    const known = kept.some(({ query }) => {
      const other = new Set(findKeywords(query.toLowerCase()));
      return [...words].every((word) => other.has(word)) && other.size - words.size < 2;
    });
    if (!known && words.size > 0) kept.push(part);
  }
  return kept;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
