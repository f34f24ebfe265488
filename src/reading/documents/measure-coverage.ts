import type { Coverage } from "../../core/domain/reading.js";

const WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu;

/**
 * Compares the words of a source with those of what was read from it.
 * @param dropped what its reader left out on purpose
 */
export function measureCoverage(source: string, text: string, dropped: Coverage["dropped"]): Coverage {
  const counts = new Map<string, number>();
  let all = 0;
  for (const [word] of source.matchAll(WORDS)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    all++;
  }
  let kept = 0;
  for (const [word] of text.matchAll(WORDS)) {
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    counts.set(word, left - 1);
    kept++;
  }
  const explained = dropped.reduce((sum, { words }) => sum + words, 0);
  // A reader may count a word as left out that stands elsewhere as well.
  const lost = Math.max(0, all - kept - explained);
  const others = lost === 0 ? [] : [{ what: "unknown markup", words: lost }];
  return { words: kept + lost, kept, dropped: [...dropped, ...others].sort((a, b) => b.words - a.words) };
}
