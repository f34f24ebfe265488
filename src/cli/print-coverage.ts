import type { SourceText } from "../app/read-sources.js";
import { forTerminal } from "./output.js";

type ReadText = Exclude<SourceText, { error: unknown }>;

/**
 * The lines that say how much of a source was read.
 * @param isExplained whether what was left out is listed
 */
export function describeCoverage(read: ReadText, isExplained: boolean): string[] {
  const { source, coverage, warnings } = read;
  const lines = warnings.map((warning) => `${source}: ${warning}`);
  if (coverage !== undefined) {
    const { words, kept, dropped } = coverage;
    const percent = words === 0 ? 100 : Math.floor((100 * kept) / words);
    lines.push(`${source}: ${percent}% of the ${words} words of its main part were read.`);
    if (isExplained)
      lines.push(
        ...(dropped.length === 0 ? ["  Nothing was left out."] : []),
        ...dropped.map(
          (each) => `  ${each.words} ${each.words === 1 ? "word" : "words"} left out: ${each.what}`,
        ),
      );
  } else if (isExplained) lines.push(`${source}: Nothing was left out.`);
  return lines.map(forTerminal);
}
