/*
 * Masks escaped characters and code spans in a line, character by character, so that everything found in the masked line
 * is Markdown at the same position of the original. Linear in the length of the line.
 */

/** Replaces masked characters; no pattern matches it. */
const MASK = "\u0001";

/** A line with its escapes and code spans masked. */
export interface MaskedLine {
  text: string;
  /** False if a code span is not closed in the line: it may continue in the next one. */
  isClosed: boolean;
}

export function maskInline(line: string): MaskedLine {
  if (!/[\\`]/.test(line)) return { text: line, isClosed: true };
  const closers = runsOf(line);
  const parts: string[] = [];
  let isClosed = true;
  let from = 0;
  for (let at = 0; at < line.length;) {
    const sign = line.charAt(at);
    if (sign === "\\" && /[!-/:-@[-`{-~]/.test(line.charAt(at + 1))) {
      parts.push(line.slice(from, at), MASK + MASK);
      from = at += 2;
    } else if (sign === "`") {
      const end = runEnd(line, at);
      const close = closers.after(end - at, end);
      if (close === null) {
        isClosed = false;
        at = end;
      } else {
        parts.push(line.slice(from, at), MASK.repeat(close + (end - at) - at));
        from = at = close + (end - at);
      }
    } else at++;
  }
  parts.push(line.slice(from));
  return { text: parts.join(""), isClosed };
}

function runEnd(line: string, at: number): number {
  let end = at;
  while (line.charAt(end) === "`") end++;
  return end;
}

/** Indexes runs of backticks by length, for increasing positions. */
function runsOf(line: string): { after: (length: number, from: number) => number | null } {
  const byLength = new Map<number, { starts: number[]; next: number }>();
  for (let at = line.indexOf("`"); at >= 0;) {
    const end = runEnd(line, at);
    const known = byLength.get(end - at);
    if (known === undefined) byLength.set(end - at, { starts: [at], next: 0 });
    else known.starts.push(at);
    at = line.indexOf("`", end);
  }
  return {
    after(length, from) {
      const known = byLength.get(length);
      if (known === undefined) return null;
      while ((known.starts[known.next] ?? Infinity) < from) known.next++;
      return known.starts[known.next] ?? null;
    },
  };
}

/** Splits a line into code spans and other text, in order. */
export function splitInlineCode(line: string): { text: string; isCode: boolean }[] {
  if (!line.includes("`")) return [{ text: line, isCode: false }];
  const { text: masked } = maskInline(line);
  const parts: { text: string; isCode: boolean }[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    // A masked backtick that is not escaped opens a code span.
    if (masked.charAt(at) !== MASK) continue;
    if (line.charAt(at) === "\\") {
      at++;
      continue;
    }
    const run = runEnd(line, at);
    if (run === at) continue;
    const close = closeOf(line, run, run - at);
    parts.push({ text: line.slice(from, at), isCode: false }, { text: line.slice(at, close), isCode: true });
    from = close;
    at = close - 1;
  }
  parts.push({ text: line.slice(from), isCode: false });
  return parts.filter(({ text }) => text !== "");
}

/** The end of a code span that is known to be closed. */
function closeOf(line: string, from: number, length: number): number {
  for (let at = line.indexOf("`", from); at >= 0;) {
    const end = runEnd(line, at);
    if (end - at === length) return end;
    at = line.indexOf("`", end);
  }
  return line.length;
}

/**
 * Determines which lines belong to fenced blocks, fences included. Only fences at the very start of a line count: others
 * may belong to a list or block quote, which can end without a closing fence.
 */
export function findFencedLines(lines: string[], from: number): { isFenced: boolean[]; isClosed: boolean } {
  const isFenced = lines.map(() => false);
  let open: string | null = null;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (open === null) {
      const fence = /^(?:`{3,}|~{3,})/.exec(line)?.[0];
      if (fence === undefined || (fence.startsWith("`") && line.slice(fence.length).includes("`"))) continue;
      open = fence;
    } else {
      const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line);
      const [whole = "", signs = ""] = fence ?? [];
      if (fence !== null && signs.startsWith(open) && line.slice(whole.length).trim() === "") open = null;
    }
    isFenced[at] = true;
  }
  return { isFenced, isClosed: open === null };
}
