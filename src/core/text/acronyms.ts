import { STOP_WORDS, foldCase, splitWords } from "./tokenize.js";

/** Shorter ones are too many things' initials. */
const SHORTEST = 3;
const LONGEST = 5;

/**
 * The initials of each run of three to five words without stop words, parts of compounds included, in lower case:
 * "server-side rendering" gives "ssr". Texts often define a term and then use its initials alone.
 */
export function findAcronyms(text: string): string[] {
  const found = new Set<string>();
  for (const run of contentRuns(text)) {
    for (let first = 0; first < run.length; first++) {
      for (let length = SHORTEST; length <= LONGEST && first + length <= run.length; length++) {
        found.add(
          run
            .slice(first, first + length)
            .map((word) => word.charAt(0))
            .join(""),
        );
      }
    }
  }
  return [...found];
}

/** Words that follow each other with nothing but blanks and hyphens between them, folded. */
function contentRuns(text: string): string[][] {
  const runs: string[][] = [[]];
  let end = 0;
  for (const word of splitWords(text)) {
    const isStop = STOP_WORDS.has(word.text.toLowerCase());
    if (isStop || !/^[ -]*$/.test(text.slice(end, word.start))) runs.push([]);
    end = word.end;
    if (isStop || !/^[a-z]/i.test(word.text)) continue;
    const parts = word.text.split(/[-_.]/).filter((part) => /^[a-z]/i.test(part));
    runs.at(-1)?.push(...parts.map(foldCase));
  }
  return runs;
}
