import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import type { Scope } from "../domain/research-request.js";
import { type Clarification, type Depth, DEPTHS, type Plan, SourceKind } from "../domain/schema.js";
import type { PlanDraft } from "../prompts/plan.js";
import { STOP_WORDS, splitWords } from "../text/tokenize.js";

/** Pages of a plan at most, and characters of an address. */
const MAX_PAGES = 6;
const MAX_ADDRESS = 2000;

/** The addresses of pages among some texts: http or https, without a name or password, each once. */
export function toPageAddresses(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => {
    const address = text.trim().replace(/^<|>$/g, "");
    if (address.length > MAX_ADDRESS || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return [];
    const url = new URL(address);
    return url.username !== "" || url.password !== "" ? [] : [url.href];
  });
  return [...new Set(found)].slice(0, MAX_PAGES);
}

/** A plan without the field where there are no pages: its journal is as before. */
function withPages(plan: Plan, pages: string[]): Plan {
  const { title, kind, questions, cover } = plan;
  return { title, kind, questions, cover, ...(pages.length === 0 ? {} : { pages }) };
}

/** The draft as a plan: ids q1…, at most as many questions as the depth allows, no empty or double ones. */
export function planFromDraft(draft: PlanDraft, question: string, depth: Depth, pages: string[] = []): Plan {
  const seen = new Set<string>();
  const questions = draft.questions
    .map((each) => ({
      question: collapseWhitespace(each.question),
      query: collapseWhitespace(each.query) || collapseWhitespace(each.question),
      also: each.also ?? [],
      sources: sourceKinds(each.sources),
    }))
    .filter(
      ({ question: text }) => text !== "" && !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()),
    )
    .slice(0, DEPTHS[depth].questions);
  if (questions.length === 0) questions.push({ question, query: question, also: [], sources: [] });
  const plan: Plan = {
    title: collapseWhitespace(draft.title) || question,
    kind: draft.kind,
    questions: questions.map(({ also, sources, ...each }, index) => {
      const other = wordings(each.query, also);
      return {
        id: `q${index + 1}`,
        ...each,
        ...(other.length === 0 ? {} : { also: other }),
        ...(sources.length === 0 ? {} : { sources }),
      };
    }),
    cover: draft.cover.map(collapseWhitespace).filter((phrase) => phrase !== ""),
  };
  return withPages(plan, toPageAddresses(pages));
}

/** The kinds of sources among some words: a model may write others, which choose nothing. */
function sourceKinds(words: readonly string[] = []): SourceKind[] {
  const kinds = words.flatMap((word) => SourceKind.safeParse(word.trim().toLowerCase()).data ?? []);
  return [...new Set(kinds)];
}

/** The kinds of sources that a request reaches: those of the web, whatever searches of it are set. */
export function kindsOfScope(scope: readonly Scope[], hasSites: boolean): SourceKind[] {
  const own = SourceKind.options.filter((kind) => scope.some((each) => each === kind));
  const onTheWeb: SourceKind[] = ["questions", "issues", "reference", "encyclopedia"];
  return [...own, ...(hasSites ? ["sites" as const] : []), ...(scope.includes("web") ? onTheWeb : [])];
}

/** A question back to the user: with answers to choose from, or none where only the user knows them. */
export interface ClarifyingQuestion {
  question: string;
  options: string[];
}

const MOST_UNCLEAR = 3;
const MOST_OPTIONS = 4;
const LONGEST_OPTION = 100;

/** What the user shall be asked back: at most three questions, one line each, options that differ. */
export function clarifyingQuestions({ unclear = [] }: PlanDraft): ClarifyingQuestion[] {
  return unclear
    .map(({ question, options }) => ({
      question: collapseWhitespace(question),
      options: [...new Set(options.map(collapseWhitespace))]
        .filter((option) => option !== "" && option.length <= LONGEST_OPTION)
        .slice(0, MOST_OPTIONS),
    }))
    .filter(({ question }) => question !== "")
    .map((each) => (each.options.length < 2 ? { ...each, options: [] } : each))
    .slice(0, MOST_UNCLEAR);
}

/** The question with what the user said of it. */
export function applyClarifications(question: string, answers: Clarification[]): string {
  const said = answers.map(({ answer }) => collapseWhitespace(answer)).filter((answer) => answer !== "");
  return said.length === 0 ? question : `${question} (${said.join("; ")})`;
}

/** What the user may change of a plan. */
export interface PlanRevision {
  title: string;
  questions: string[];
  cover: string[];
  /** Addresses of pages to read. */
  pages: string[];
}

/** The plan as the user changed it: a question that is the same keeps its search words, others get their own. */
export function applyRevision(plan: Plan, { title, questions, cover, pages }: PlanRevision): Plan {
  const known = new Map(plan.questions.map((each) => [sameText(each.question), each]));
  const revised: Plan = {
    ...plan,
    title: collapseWhitespace(title) || plan.title,
    questions: questions.map((given, index) => {
      const question = collapseWhitespace(given);
      const { query, also, sources } = known.get(sameText(question)) ?? { query: searchWords(question) };
      return {
        id: `q${index + 1}`,
        question,
        query,
        ...(also === undefined ? {} : { also }),
        ...(sources === undefined ? {} : { sources }),
      };
    }),
    cover: cover.map(collapseWhitespace).filter((phrase) => phrase !== ""),
  };
  return withPages(revised, toPageAddresses(pages));
}

function sameText(text: string): string {
  return collapseWhitespace(text).toLowerCase();
}

/** The words of a question that are worth searching for. */
export function searchWords(question: string): string {
  const seen = new Set<string>();
  const telling = splitWords(question)
    .map(({ text }) => text.replace(/['’]s$/, ""))
    .filter((word) => {
      const key = word.toLowerCase();
      return !STOP_WORDS.has(key) && !seen.has(key) && seen.add(key);
    });
  return telling.join(" ") || question;
}

/** Other wordings of a query: no more than two, none that says the same. */
function wordings(query: string, also: string[]): string[] {
  const seen = new Set([query.toLowerCase()]);
  return also
    .map(collapseWhitespace)
    .filter((text) => text !== "" && !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()))
    .slice(0, 2);
}
