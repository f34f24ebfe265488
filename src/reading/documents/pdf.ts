import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { countWords, type Block } from "../../core/document/blocks.js";
import { renderBlocks } from "../../core/document/render-blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import { coverageWarnings } from "./coverage-warnings.js";
import { joinRuns, type PdfLine, type PdfRun } from "./pdf-lines.js";

/** The text of a PDF, with the page of each line. */
export interface ExtractedPdf {
  title: string;
  text: string;
  /** For each line of `text`, its 1-based page. */
  pages: number[];
  coverage: Coverage;
  warnings: string[];
}

const MAX_PAGES = 500;
const MAX_CHARACTERS = 2_000_000;

/**
 * Extracts the text layer of a PDF. Has no time limit of its own, so run it on a thread that can be terminated.
 *
 * @throws ResearchError "password", "no-text-layer", "damaged-file"
 */
export async function extractPdfText(bytes: Uint8Array): Promise<ExtractedPdf> {
  const { getDocumentProxy } = await import("unpdf");
  const maps = new Set<string>();
  const document = await getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: false,
    CMapReaderFactory: createMapRecorder(maps),
  }).catch((error: unknown) => {
    throw openError(error);
  });
  try {
    const warnings: string[] = [];
    const count = document.numPages;
    const perPage: PdfLine[][] = [];
    let unnamed = 0;
    let drawn = 0;
    let characters = 0;
    let failed = 0;
    for (let number = 1; number <= Math.min(count, MAX_PAGES) && characters < MAX_CHARACTERS; number++) {
      try {
        const page = await document.getPage(number);
        const { items } = await page.getTextContent();
        const runs = items.flatMap(toRuns);
        unnamed += runs.reduce((sum, run) => sum + run.unnamed, 0);
        drawn += runs.reduce((sum, run) => sum + countLetters(run.text), 0);
        const lines = joinRuns(runs);
        characters += lines.reduce((sum, { text }) => sum + text.length, 0);
        perPage.push(lines);
        page.cleanup();
      } catch {
        failed++;
        perPage.push([]);
        warnings.push(`Page ${number} could not be read.`);
      }
    }
    if (perPage.length < count)
      warnings.push(`Only the first ${perPage.length} of ${count} pages were read.`);
    if (maps.size > 0)
      warnings.push(`Text in fonts that need the character maps ${[...maps].join(", ")} is missing.`);
    const title = await findTitle(document, perPage);
    const kept = removeRepeats(perPage);
    const { text, lines: pages } = renderBlocks(toBlocks(kept));
    if (!/[\p{L}\p{N}]/u.test(text)) {
      if (failed > 0 && failed === perPage.length) throw openError(null);
      if (maps.size > 0) throw mapError([...maps]);
      throw new ResearchError(
        "no-text-layer",
        msg`The PDF has no text layer: it is scanned or contains only images.`,
      );
    }
    const coverage = measureWords(perPage, kept, { drawn, unnamed });
    return { title, text, pages, coverage, warnings: [...warnings, ...coverageWarnings(coverage)] };
  } finally {
    await document.destroy().catch(() => undefined);
  }
}

/**
 * Fonts of Chinese, Japanese and Korean may name a map from their codes to characters instead of holding one. These maps
 * are not included, so those that are asked for are noted.
 */
function createMapRecorder(
  asked: Set<string>,
): new () => { fetch: (map: { name: string }) => Promise<never> } {
  return class {
    fetch({ name }: { name: string }): Promise<never> {
      asked.add(name);
      return Promise.reject(new Error(`The character map ${name} is not included.`));
    }
  };
}

function mapError(maps: string[]): ResearchError {
  return new ResearchError(
    "no-text-layer",
    msg`The text of the PDF needs the character maps ${maps.join(", ")}, which are not included.`,
    msg`Save a copy with embedded fonts, or as text.`,
  );
}

function openError(error: unknown): ResearchError {
  const name = error instanceof Error ? error.name : "";
  return name === "PasswordException"
    ? new ResearchError(
        "password",
        msg`The PDF is protected by a password.`,
        msg`Save a copy without a password.`,
        {
          cause: error,
        },
      )
    : new ResearchError("damaged-file", msg`The PDF is damaged and cannot be opened.`, "", { cause: error });
}

function toRuns(item: object): PdfRun[] {
  if (!("str" in item) || typeof item.str !== "string" || !("transform" in item)) return [];
  const { transform } = item;
  if (!Array.isArray(transform)) return [];
  const [, , c = 0, d = 0, x = 0, y = 0] = transform.map(Number);
  const size = Math.hypot(c, d);
  const width = "width" in item ? Number(item.width) : 0;
  // Characters without a Unicode mapping, which are useless to readers.
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const text = item.str.replace(/[\u0000-\u001f\u007f-\u009f\ue000-\uf8ff\ufffd]/g, "");
  const endsLine = "hasEOL" in item && item.hasEOL === true;
  const unnamed = item.str.length - text.length;
  return text === "" && unnamed === 0 && !endsLine ? [] : [{ text, x, y, width, size, endsLine, unnamed }];
}

/** Removes headers, footers and page numbers that repeat on most pages. */
function removeRepeats(pages: PdfLine[][]): PdfLine[][] {
  const key = (text: string): string => text.replace(/\d+/g, "#").toLowerCase();
  const count = new Map<string, number>();
  for (const lines of pages) {
    const edges = new Set([...lines.slice(0, 2), ...lines.slice(-2)].map(({ text }) => key(text)));
    for (const each of edges) count.set(each, (count.get(each) ?? 0) + 1);
  }
  const isRepeated = (text: string): boolean =>
    pages.length >= 3 && (count.get(key(text)) ?? 0) > pages.length * 0.5;
  return pages.map((lines) =>
    lines.filter(
      ({ text }, index) =>
        !((index < 2 || index >= lines.length - 2) && lines.length > 2 && isRepeated(text)),
    ),
  );
}

/** Average length of a word, in characters. */
const WORD_LENGTH = 5;

function countLetters(text: string): number {
  return text.replace(/\s/g, "").length;
}

/**
 * Compares what the pages show with what was kept of it.
 * @param drawn number of characters that the file draws and names
 * @param unnamed number of those for which it names no letter
 */
function measureWords(
  all: PdfLine[][],
  kept: PdfLine[][],
  { drawn, unnamed }: { drawn: number; unnamed: number },
): Coverage {
  const sum = (pages: PdfLine[][], count: (text: string) => number): number =>
    pages.flat().reduce((total, { text }) => total + count(text), 0);
  const own = sum(kept, countWords);
  const nameless = Math.round(unnamed / WORD_LENGTH);
  const lost = Math.round(Math.max(0, drawn - sum(all, countLetters)) / WORD_LENGTH);
  const dropped = [
    { what: "headers and footers", words: sum(all, countWords) - own },
    { what: "letters that the file does not name", words: nameless },
    { what: "letters without a place in a line", words: lost },
  ];
  return { words: own + nameless + lost, kept: own, dropped: dropped.filter((each) => each.words > 0) };
}

/** A line as text with its page. */
type PageLine = PdfLine & { page: number; isNew: boolean };

/** Gaps between lines separate paragraphs; large lines are headings; a line of a block counts with its page. */
function toBlocks(pages: PdfLine[][]): Block[] {
  const lines = pages.flatMap(linesOfPage);
  const words = wordsOf(lines);
  const sizes = headingSizes(lines);
  const blocks: Block[] = [];
  let open: PageLine[] = [];
  const close = (): void => {
    const text = joinHyphens(open, words);
    const [first, last] = [open[0]?.page, open.at(-1)?.page];
    if (first !== undefined && last !== undefined)
      blocks.push({
        kind: "paragraph",
        text: text.map((line) => line.text).join("\n"),
        place: { first, last },
        textLines: text.map(({ page }) => page),
        isApart: true,
      });
    open = [];
  };
  for (const [at, line] of lines.entries()) {
    const level = sizes.indexOf(roundSize(line.size)) + 1;
    const isHeading = level > 0 && line.text.length <= MAX_HEADING_LENGTH && /\p{L}/u.test(line.text);
    const before = lines[at - 1];
    if (isHeading) {
      close();
      const last = blocks.at(-1);
      if (last?.kind === "heading" && last.level === level && !line.isNew) last.text += ` ${line.text}`;
      else
        blocks.push({
          kind: "heading",
          level,
          text: line.text,
          place: { first: line.page, last: line.page },
          isApart: true,
        });
      continue;
    }
    if (line.isNew && !(before !== undefined && before.page !== line.page && continues(before, line)))
      close();
    open.push(line);
  }
  close();
  return blocks;
}

const MAX_HEADING_LENGTH = 150;

/** The lines of a page, with those that begin a paragraph. */
function linesOfPage(lines: PdfLine[], index: number): PageLine[] {
  const gaps = lines.slice(1).map((line, at) => Math.abs((lines[at]?.y ?? 0) - line.y));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  return lines.map((line, at) => {
    const above = lines[at - 1];
    const gap = above === undefined ? 0 : Math.abs(above.y - line.y);
    const isNew = above === undefined || gap > usual * 1.35 || Math.abs(above.size - line.size) > 1;
    return { ...line, page: index + 1, isNew };
  });
}

/** Whether a sentence goes on over the end of a page. */
function continues(before: PageLine, line: PageLine): boolean {
  if (Math.abs(before.size - line.size) > 0.5 || /[.!?:;…。！？]["'”’)\]]*$/.test(before.text)) return false;
  return /^\p{Ll}/u.test(line.text) || /\p{Ll}-$/u.test(before.text) || before.text.endsWith(",");
}

function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

/** The sizes of headings, largest first: few characters are as large. */
function headingSizes(lines: PageLine[]): number[] {
  const characters = new Map<number, number>();
  let all = 0;
  for (const { size, text } of lines) {
    characters.set(roundSize(size), (characters.get(roundSize(size)) ?? 0) + text.length);
    all += text.length;
  }
  const [usual = 0] = [...characters].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  return [...characters]
    .filter(([size, count]) => size > usual * 1.15 && count < all * 0.2)
    .map(([size]) => size)
    .toSorted((a, b) => b - a)
    .slice(0, 4);
}

/** All words that stand within a line. */
function wordsOf(lines: PageLine[]): Set<string> {
  const found = new Set<string>();
  for (const { text } of lines)
    for (const [word] of text.matchAll(/\p{L}+(?:-\p{L}+)*/gu)) found.add(word.toLowerCase());
  return found;
}

/**
 * Joins a word that a line's end parts. Its hyphen goes only where the whole word stands elsewhere in the document:
 * else it may be part of the word, as in "--no-verify".
 */
function joinHyphens(lines: PageLine[], words: Set<string>): PageLine[] {
  const found: PageLine[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const [, head] = /(?<![\p{L}])(\p{L}{2,40})-$/u.exec(last?.text ?? "") ?? [];
    const [tail = "", ...rest] = line.text.split(" ");
    const [start] = /^\p{Ll}{2,40}/u.exec(tail) ?? [];
    if (last === undefined || head === undefined || start === undefined) {
      found.push({ ...line });
      continue;
    }
    const isWhole = words.has((head + start).toLowerCase()) && !words.has(`${head}-${start}`.toLowerCase());
    last.text = (isWhole ? last.text.slice(0, -1) : last.text) + tail;
    if (rest.length > 0) found.push({ ...line, text: rest.join(" ") });
  }
  return found;
}

/** The title in the metadata if it is meaningful, else the first large line. */
async function findTitle(
  document: { getMetadata(): Promise<{ info: object }> },
  pages: PdfLine[][],
): Promise<string> {
  const info = await document.getMetadata().then(
    (metadata) => metadata.info,
    () => ({}),
  );
  const named = "Title" in info && typeof info.Title === "string" ? collapseWhitespace(info.Title) : "";
  const isJunk =
    named.length < 3 ||
    /^(?:untitled|microsoft (?:word|powerpoint|excel) - |document\d*$|title$|\(anonymous\)$|slide 1$)/i.test(
      named,
    ) ||
    /\.(?:docx?|pptx?|xlsx?|tex|dvi|indd|pdf|odt|qxd|ps)$/i.test(named);
  if (!isJunk) return named;
  const first = pages.find((lines) => lines.length > 0) ?? [];
  const largest = Math.max(0, ...first.slice(0, 10).map(({ size }) => size));
  const usual = first.map(({ size }) => size).toSorted((a, b) => a - b)[Math.floor(first.length / 2)] ?? 0;
  const line = first.slice(0, 10).find(({ size }) => size === largest);
  return line !== undefined && largest > usual * 1.15 && line.text.length <= 150 ? line.text : "";
}
