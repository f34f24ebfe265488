import { isCodeFile } from "../../core/text/code-files.js";
import { readAsciidoc } from "./asciidoc-blocks.js";
import type { BlockDocument } from "./block-document.js";
import { readCsv } from "./csv-blocks.js";
import { readMarkdown } from "./markdown-blocks.js";
import { readPlainText } from "./plain-text-blocks.js";
import { readRst } from "./rst-blocks.js";

/** A format of texts, and what reads it. */
interface DocumentFormat {
  /** File names that are of this format. */
  files: RegExp;
  /** Media types that are. */
  types?: RegExp;
  /** Whether a text of such a name is of this format; absent where the name is enough. */
  fits?: (text: string) => boolean;
  read: (text: string) => BlockDocument;
}

/** All formats but HTML and PDF. The first that fits reads a text; what none fits is plain text. */
const FORMATS: DocumentFormat[] = [
  { files: /\.mdx$/i, types: /^text\/mdx$/, read: (text) => readMarkdown(text, true) },
  {
    files: /\.(?:md|markdown|mdown|mkdn?|mdwn|qmd|rmd)$/i,
    types: /^text\/(?:x-)?markdown$/,
    read: readMarkdown,
  },
  { files: /\.(?:rst|rest)$/i, types: /^text\/(?:x-rst|prs\.fallenstein\.rst)$/, read: readRst },
  { files: /\.(?:adoc|asciidoc|asc)$/i, types: /^text\/(?:x-)?asciidoc$/, read: readAsciidoc },
  { files: /\.txt$/i, fits: isAsciidoc, read: readAsciidoc },
  { files: /\.txt$/i, fits: isRst, read: readRst },
  { files: /\.(?:csv|tsv)$/i, types: /^text\/(?:csv|tab-separated-values)$/, read: readCsv },
];

const PLAIN_TEXT: DocumentFormat = { files: /$/, read: readPlainText };

/** Maximum length of a text that is looked at to tell its format, in characters. */
const HEAD_LENGTH = 20_000;

/**
 * Reads a text as blocks by its name and media type.
 * @param file a path, or the path of an address
 * @returns null for program text and data, which are read as they are
 */
export function readBlocks(file: string, text: string, type = ""): BlockDocument | null {
  const isNamed = /\.[^./]+$/.test(file);
  const fits = ({ files, types, fits: test }: DocumentFormat): boolean =>
    (files.test(file) || types?.test(type) === true) &&
    (test === undefined || test(text.slice(0, HEAD_LENGTH)));
  const format = FORMATS.find(fits);
  if (format !== undefined) return format.read(text);
  return isNamed && isCodeFile(file) ? null : PLAIN_TEXT.read(text);
}

/** The older ending of AsciiDoc is that of any text: its marks decide. */
function isAsciidoc(head: string): boolean {
  const marks = head.match(
    /^(?:\[\[[\w-]+\]\]|\[(?:verse|NOTE|source[\],].*|listing)\]?|(?:include|image|ifdef|ifndef)::\S.*\[.*\]|={2,5} \S.*|:[\w-]+:(?: .*)?|\S.*::|\+)$/gm,
  );
  const macros = head.match(/\blinkgit:|<<[\w-]+,|\blink:\S+\[/g);
  return (
    (marks?.length ?? 0) + (macros?.length ?? 0) >= 3 &&
    /^(?:= \S|={3,}$|\S.*\n={4,}$|\[\[|:\w+:)/m.test(head)
  );
}

function isRst(head: string): boolean {
  const marks = head.match(
    /^\.\. (?:[\w-]+::|_[\w-]+:|\|)|:(?:ref|doc|class|func|meth|mod|option):`|^\.\. code(?:-block)?::/gm,
  );
  return (marks?.length ?? 0) >= 2;
}
