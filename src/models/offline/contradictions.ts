import { findNumbers } from "../../core/evidence/numbers.js";
import type { Conclusion, QuotedEvidence } from "../../core/prompts/write.js";
import { quoteToSentences } from "./plain-text.js";
import { subjectTest } from "../../core/text/question-scope.js";
import { termSet } from "./term-weights.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** Sentences that share this much of their words, both ways, speak of one thing. */
const ONE_THING = 0.75;
/** Fewer words than these are too few to tell what a sentence speaks of. */
const FEWEST = 3;
const MOST = 5;

interface Said {
  id: string;
  source: string;
  sentence: string;
  terms: Set<string>;
  figures: Set<string>;
  isNegative: boolean;
}

/**
 * Where two sources say the same thing with another number, or one denies what the other says. Code
 * sees only this plain kind of disagreement; both sides stand word for word.
 */
export function findContradictions(evidence: QuotedEvidence[]): Conclusion["disagreements"] {
  const said = evidence.flatMap(({ id, source, quote }) =>
    quoteToSentences(quote).map((sentence): Said => {
      const all = findNumbers(sentence);
      const terms = new Set([...termSet(sentence)].filter((term) => !all.has(term)));
      return { id, source, sentence, terms, figures: all, isNegative: isNegative(sentence) };
    }),
  );
  const isOneSubject = subjectTest(evidence);
  const found: Conclusion["disagreements"] = [];
  const told = new Set<string>();
  said.forEach((one, index) => {
    for (const other of said.slice(index + 1)) {
      if (found.length >= MOST || one.source === other.source || !disagree(one, other)) continue;
      if (!isOneSubject(one.source, other.source)) continue;
      const key = [...[one.source, other.source].sort(), ...[...one.terms].sort()].join(" ");
      if (told.has(key)) continue;
      told.add(key);
      found.push({
        text: `“${bare(one.sentence)}”, but “${bare(other.sentence)}”.`,
        evidence: [one.id, other.id],
      });
    }
  });
  return found;
}

function disagree(one: Said, other: Said): boolean {
  if (one.terms.size < FEWEST || other.terms.size < FEWEST) return false;
  const shared = [...one.terms].filter((term) => other.terms.has(term)).length;
  if (shared / Math.max(one.terms.size, other.terms.size) < ONE_THING) return false;
  const onlyOne = [...one.figures].filter((figure) => !other.figures.has(figure));
  const onlyOther = [...other.figures].filter((figure) => !one.figures.has(figure));
  // With two figures that differ, as a year and its amount, they speak of two things.
  if (onlyOne.length === 1 && onlyOther.length === 1) return one.isNegative === other.isNegative;
  const sameFigures = onlyOne.length === 0 && onlyOther.length === 0;
  return (
    sameFigures &&
    one.isNegative !== other.isNegative &&
    shared === Math.min(one.terms.size, other.terms.size)
  );
}

export function isNegative(text: string): boolean {
  return /\b(?:no|not|never|none|neither|nor|cannot|without)\b|n['’]t\b/i.test(text);
}

function bare(sentence: string): string {
  return trimEndMatching(sentence, /[.\s]/).replace(/[“”]/g, '"');
}
