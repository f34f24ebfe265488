import { localizeMessage, type Localizer } from "../../common/messages.js";
import type { CheckedText } from "../../app/check-report.js";
import { describeProblem, type Finding, type FindingKind } from "../../core/report/findings.js";
import type { ParsedCitation, ParsedReport, ParsedSentence } from "../../core/report/parse-report.js";
import type { CitationState } from "./page-messages.js";

/* The states of citations and sentences after the last check. Does not depend on VS Code. */

/** Problems of a sentence, not of its citation: the citation leads to what it names. */
const SENTENCE_PROBLEMS: ReadonlySet<FindingKind> = new Set([
  "facts",
  "refuted",
  "sense",
  "edited",
  "recited",
]);

/** A citation's state, and what is wrong with it as a sentence; empty if nothing is. */
interface CitationCheck {
  state: CitationState;
  problem: string;
}

/** What the last check says about each sentence. */
export interface SentenceChecks {
  /** Why a sentence needs attention, as sentences; empty if it does not. */
  attentionOf(sentence: ParsedSentence): string[];
  stateOf(sentence: ParsedSentence, citation: ParsedCitation): CitationCheck;
  /** Findings that belong to no sentence, as sentences. */
  others: string[];
}

/**
 * Groups the findings of a check by sentence.
 * @param checked null before the first check: then every state is "pending"
 */
export function createSentenceChecks(
  read: ParsedReport,
  checked: CheckedText | null,
  l10n: Localizer,
): SentenceChecks {
  if (checked === null) {
    return {
      attentionOf: () => [],
      stateOf: () => ({ state: "pending", problem: "" }),
      others: [],
    };
  }
  const say = (problem: Finding): string => localizeMessage(describeProblem(problem), l10n);
  const { bySentence, others } = groupFindings(read, checked.findings);
  const problems = new Map(
    checked.read.citations.map((each, index) => [each, checked.problems[index] ?? null]),
  );
  const seriousOf = (sentence: ParsedSentence): Finding[] =>
    (bySentence.get(sentence) ?? []).filter(({ severity }) => severity !== "information");
  return {
    others: [...new Set(others.map(say))],
    attentionOf: (sentence) => {
      const { mark } = sentence;
      const found = seriousOf(sentence).map(say);
      const isDoubtful = mark !== null && mark.verdict !== "supported";
      return [...new Set(found.length === 0 && isDoubtful ? [mark.reason] : found)];
    },
    stateOf: (sentence, citation) => {
      const problem = problems.get(citation) ?? null;
      const mark = sentence.mark?.verdict ?? null;
      if (problem?.kind === "refuted") return { state: mark ?? "unsupported", problem: describe(problem) };
      if (problem !== null && !SENTENCE_PROBLEMS.has(problem.kind))
        return { state: "broken", problem: describe(problem) };
      const wrong = seriousOf(sentence).find(({ severity }) => severity === "error");
      if (wrong !== undefined) return { state: "edited", problem: say(wrong) };
      const today = checked.quotes.get(citation.n)?.today?.problem ?? null;
      if (today !== null && today.kind !== "moved") return { state: "changed", problem: describe(today) };
      if (mark !== null && mark !== "supported") return { state: mark, problem: sentence.mark?.reason ?? "" };
      const isGrounded = read.sources.get(citation.source)?.grounded === true;
      return { state: isGrounded ? "not-checked" : "supported", problem: "" };
    },
  };

  function describe(problem: Parameters<typeof describeProblem>[0]): string {
    return localizeMessage(describeProblem(problem), l10n);
  }
}

/** Findings by the sentence that they stand at or whose quote they name, and the rest. */
function groupFindings(
  read: ParsedReport,
  findings: Finding[],
): { bySentence: Map<ParsedSentence, Finding[]>; others: Finding[] } {
  const byLine = new Map<number, ParsedSentence[]>();
  for (const sentence of read.sentences) {
    const { line, block } = sentence;
    const lines = block === null ? [line] : [line, ...rangeOf(block.line, block.endLine)];
    for (const each of lines) addTo(byLine, each, sentence);
  }
  const bySentence = new Map<ParsedSentence, Finding[]>();
  const others: Finding[] = [];
  for (const finding of findings) {
    const candidates = byLine.get(finding.line) ?? [];
    const sentence = candidates.find((each) => isAt(finding, each)) ?? candidates[0];
    if (sentence !== undefined) addTo(bySentence, sentence, finding);
    else if (finding.severity !== "information") others.push(finding);
  }
  return { bySentence, others };
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function isAt(
  { line, start }: Finding,
  { line: own, start: from, end, citations, mark }: ParsedSentence,
): boolean {
  if (line !== own) return true;
  const to = Math.max(end, citations.at(-1)?.end ?? 0, mark?.end ?? 0);
  return start >= from && start <= to;
}

function rangeOf(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** A state in words. */
export function describeCitationState(state: CitationState, isVerbatim: boolean, l10n: Localizer): string {
  const words: Record<CitationState, string> = {
    pending: l10n.t("being checked"),
    supported: isVerbatim ? l10n.t("word for word") : l10n.t("supported"),
    qualified: l10n.t("qualified"),
    "not-checked": l10n.t("not checked"),
    unsupported: l10n.t("unsupported"),
    contradicted: l10n.t("contradicted"),
    broken: l10n.t("broken"),
    edited: l10n.t("not verified"),
    changed: l10n.t("source has changed"),
  };
  return words[state];
}
