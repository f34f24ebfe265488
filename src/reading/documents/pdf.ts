import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { countWords } from "../../core/document/blocks.js";
import { renderBlocks } from "../../core/document/render-blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import { coverageWarnings } from "./coverage-warnings.js";
import { toPdfBlocks } from "./pdf-blocks.js";
import { joinRuns, type PdfLine } from "./pdf-lines.js";
import { removePageEdges } from "./pdf-page-edges.js";
import { readRuns } from "./pdf-runs.js";
import { areLettersReadable } from "./readable-letters.js";

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
        const { items, styles } = await page.getTextContent();
        const groups = readRuns(items, (font) => styles[font]?.fontFamily === "monospace");
        for (const run of groups.flat()) {
          unnamed += run.unnamed;
          drawn += countLetters(run.text);
        }
        const lines = groups.flatMap(joinRuns);
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
    const kept = removePageEdges(perPage);
    const { text, lines: pages } = renderBlocks(toPdfBlocks(kept));
    if (!/[\p{L}\p{N}]/u.test(text)) {
      if (failed > 0 && failed === perPage.length) throw openError(null);
      if (maps.size > 0) throw mapError([...maps]);
      throw new ResearchError(
        "no-text-layer",
        msg`The PDF has no text layer: it is scanned or contains only images.`,
      );
    }
    if (!areLettersReadable(text))
      throw new ResearchError(
        "no-text-layer",
        msg`The fonts of the PDF do not say which letters they draw, so its text cannot be read.`,
        msg`Save a copy with embedded fonts, or as text.`,
      );
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
