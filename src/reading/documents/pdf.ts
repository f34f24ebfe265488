import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";

/** The text of a PDF, with the page of each line. */
export interface ExtractedPdf {
  title: string;
  text: string;
  /** For each line of `text`, its 1-based page. */
  pages: number[];
  warnings: string[];
}

const MAX_PAGES = 500;
const MAX_CHARACTERS = 2_000_000;

/** A run of text from pdf.js with its position on the page, in points from the lower left. */
interface Run {
  text: string;
  x: number;
  y: number;
  width: number;
  /** Height of the letters. */
  size: number;
  endsLine: boolean;
}

interface Line {
  text: string;
  y: number;
  size: number;
}

/**
 * Extracts the text layer of a PDF. Has no time limit of its own, so run it on a thread that can be terminated.
 *
 * @throws ResearchError "password", "no-text-layer", "damaged-file"
 */
export async function extractPdfText(bytes: Uint8Array): Promise<ExtractedPdf> {
  const { getDocumentProxy } = await import("unpdf");
  const document = await getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: false,
  }).catch((error: unknown) => {
    throw openError(error);
  });
  try {
    const warnings: string[] = [];
    const count = document.numPages;
    const perPage: Line[][] = [];
    let characters = 0;
    let failed = 0;
    for (let number = 1; number <= Math.min(count, MAX_PAGES) && characters < MAX_CHARACTERS; number++) {
      try {
        const page = await document.getPage(number);
        const { items } = await page.getTextContent();
        const lines = joinRuns(items.flatMap(toRuns));
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
    const title = await findTitle(document, perPage);
    const { text, pages } = joinPages(removeRepeats(perPage));
    if (!/[\p{L}\p{N}]/u.test(text)) {
      if (failed > 0 && failed === perPage.length) throw openError(null);
      throw new ResearchError(
        "no-text-layer",
        msg`The PDF has no text layer: it is scanned or contains only images.`,
      );
    }
    return { title, text, pages, warnings };
  } finally {
    await document.destroy().catch(() => undefined);
  }
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

function toRuns(item: object): Run[] {
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
  return text === "" && !endsLine ? [] : [{ text, x, y, width, size, endsLine }];
}

/** Joins runs to lines in file order, which nearly always is reading order. */
function joinRuns(runs: Run[]): Line[] {
  const lines: Line[] = [];
  // `isBlank`: the text ends in white space. Tracked separately, since testing the growing text would be quadratic.
  let open: (Line & { end: number; isBlank: boolean }) | null = null;
  const close = (): void => {
    if (open !== null && open.text.trim() !== "") {
      lines.push({ text: open.text.replace(/\s+/g, " ").trim(), y: open.y, size: open.size });
    }
    open = null;
  };
  for (const { text, x, y, width, size, endsLine } of runs) {
    if (text !== "") {
      const isSame =
        open !== null &&
        Math.abs(y - open.y) <= Math.max(size, open.size) * 0.4 &&
        x >= open.end - open.size * 2;
      if (open === null || !isSame) {
        close();
        open = { text, y, size, end: x + width, isBlank: /\s$/.test(text) };
      } else {
        const isApart = x - open.end > Math.max(size, 1) * 0.15;
        open.text += isApart && !open.isBlank && !/^\s/.test(text) ? ` ${text}` : text;
        open.isBlank = /\s$/.test(text);
        open.end = x + width;
        open.size = Math.max(open.size, size);
      }
    }
    // Individually placed letters may each end a "line", so the position of the next run decides.
    if (endsLine && text.trim() !== "" && open !== null) {
      open.text += " ";
      open.isBlank = true;
    }
  }
  close();
  return lines;
}

/** Removes headers, footers and page numbers that repeat on most pages. */
function removeRepeats(pages: Line[][]): Line[][] {
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

/** Joins pages to one text: gaps between lines separate paragraphs, and hyphenated words are joined. */
function joinPages(pages: Line[][]): { text: string; pages: number[] } {
  const out: string[] = [];
  const pageOfLine: number[] = [];
  const push = (text: string, page: number): void => {
    out.push(text);
    pageOfLine.push(page);
  };
  pages.forEach((lines, index) => {
    const page = index + 1;
    if (lines.length > 0 && out.length > 0) push("", page);
    const gaps = lines.slice(1).map((line, at) => Math.abs((lines[at]?.y ?? 0) - line.y));
    const usual = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
    lines.forEach((line, at) => {
      const above = lines[at - 1];
      const gap = above === undefined ? 0 : Math.abs(above.y - line.y);
      const isNew = above !== undefined && (gap > usual * 1.35 || Math.abs(above.size - line.size) > 1);
      if (isNew) push("", page);
      const last = out.at(-1);
      // Join "exam-" and "ple" if both halves are lower case; this may break "re-sign".
      if (
        above !== undefined &&
        !isNew &&
        last !== undefined &&
        /\p{Ll}{2}-$/u.test(last) &&
        /^\p{Ll}{2}/u.test(line.text)
      ) {
        const [head = "", ...rest] = line.text.split(" ");
        out[out.length - 1] = last.slice(0, -1) + head;
        if (rest.length > 0) push(rest.join(" "), page);
      } else push(line.text, page);
    });
  });
  return { text: out.join("\n"), pages: pageOfLine };
}

/** The title in the metadata if it is meaningful, else the first large line. */
async function findTitle(
  document: { getMetadata(): Promise<{ info: object }> },
  pages: Line[][],
): Promise<string> {
  const info = await document.getMetadata().then(
    (metadata) => metadata.info,
    () => ({}),
  );
  const named =
    "Title" in info && typeof info.Title === "string" ? info.Title.replace(/\s+/g, " ").trim() : "";
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
