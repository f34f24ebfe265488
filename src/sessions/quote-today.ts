import path from "node:path";
import type { Problem } from "../research/findings.js";
import { locate } from "../research/quote.js";
import type { Reading } from "../research/reading.js";
import type { Range, ReadSource } from "../research/read-report.js";

/** A workspace file's text as it is today. The same object as long as the file is the same. */
export type TextToday = Pick<Reading, "text" | "lines" | "pages">;

/** Reads a workspace file; null where it is gone, undefined where it cannot be told: it lies outside, or is out of reach. */
export type ReadToday = (file: string, signal: AbortSignal) => Promise<TextToday | null | undefined>;

/** What became of a quote of a workspace file. */
export interface QuoteToday {
  /** "moved", "changed" or "gone"; null where it stands where it stood. */
  problem: Problem | null;
  /** Where it stands in the file now, 1-based; null where it does not. */
  lines: [number, number] | null;
  /** First column, and the one behind the last, where the file's text is what was searched; else null. */
  columns: [number, number] | null;
  page: number | null;
}

/** Holds a quote against its file as it is today. */
export function todayOf(
  quote: string,
  file: NonNullable<ReadSource["file"]>,
  now: TextToday | null,
): QuoteToday {
  const name = path.posix.basename(file.path.replaceAll("\\", "/"));
  if (now === null)
    return { problem: { kind: "gone", says: [name] }, lines: null, columns: null, page: null };
  const found = locate(quote, now.text);
  if (found === null)
    return { problem: { kind: "changed", says: [name] }, lines: null, columns: null, page: null };
  const first = lineOf(now.text, found.start);
  const last = lineOf(now.text, Math.max(found.start, found.end - 1));
  const page = now.pages === null ? null : (now.pages[first - 1] ?? 1);
  const lines: [number, number] = [now.lines?.[first - 1] ?? first, now.lines?.[last - 1] ?? last];
  const stays = file.ranges.length === 0 || file.ranges.some((range) => standsIn(quote, now, range));
  const where = page === null ? ["line", `${lines[0]}`] : ["page", `${page}`];
  return {
    problem: stays ? null : { kind: "moved", says: [where[1] ?? "", where[0] ?? "", name] },
    lines: page === null ? lines : null,
    columns: now.lines === null ? [columnOf(now.text, found.start), columnOf(now.text, found.end)] : null,
    page,
  };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** True where the quote begins in the lines or on the pages where it stood. */
function standsIn(quote: string, { text, lines, pages }: TextToday, { first, last }: Range): boolean {
  const kept = text.split("\n").filter((_, index) => {
    const at = (pages ?? lines)?.[index] ?? index + 1;
    // A link to pages names the first one only.
    return at >= first && (pages === null ? at <= last : at <= last + 1);
  });
  return locate(quote, kept.join("\n")) !== null;
}
