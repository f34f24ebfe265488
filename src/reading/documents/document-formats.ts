import { isCodeFile } from "../../core/text/code-files.js";
import { readAsciidoc } from "./asciidoc-blocks.js";
import { codeOf, type BlockDocument } from "./block-document.js";
import { readCsv } from "./csv-blocks.js";
import { isDocBook, readDocBook, readSgml } from "./docbook-blocks.js";
import { isFormattedManPage, readFormattedManPage } from "./formatted-man-blocks.js";
import { readLatex } from "./latex-blocks.js";
import { isLinuxDoc, readLinuxDoc } from "./linuxdoc-blocks.js";
import { breakLongLines, withFileLines } from "./long-lines.js";
import { isManPage, readManPage } from "./man-blocks.js";
import { readMarkdown } from "./markdown-blocks.js";
import { isMediawiki, readMediawiki } from "./mediawiki-blocks.js";
import { readNotebook } from "./notebook-blocks.js";
import { numberLines } from "./numbered-lines.js";
import { readOrg } from "./org-blocks.js";
import { readPlainText } from "./plain-text-blocks.js";
import { readPod } from "./pod-blocks.js";
import { readRst } from "./rst-blocks.js";
import { readTexinfo } from "./texinfo-blocks.js";
import { isXml2rfc, readXml2rfc } from "./xml2rfc-blocks.js";

/** A format of texts, and what reads it. */
interface DocumentFormat {
  /** File names that are of this format. */
  files: RegExp;
  /** Media types that are. */
  types?: RegExp;
  /** Whether a text of such a name is of this format; absent where the name is enough. */
  fits?: (text: string) => boolean;
  /** Whether a line break within a line would change what the file says. */
  isData?: true;
  /** Null if the text is of another format after all. */
  read: (text: string) => BlockDocument | null;
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
  { files: /\.(?:adoc|asciidoc)$/i, types: /^text\/(?:x-)?asciidoc$/, read: readAsciidoc },
  { files: /\.(?:txt|text|cat|\d[a-z]{0,4})$/i, fits: isFormattedManPage, read: readFormattedManPage },
  { files: /\.(?:txt|asc)$/i, fits: isAsciidoc, read: readAsciidoc },
  {
    files: /\.asc$/i,
    fits: (head) => /^={1,6} \S/m.test(head) && !/^-----BEGIN /m.test(head),
    read: readAsciidoc,
  },
  { files: /\.txt$/i, fits: isRst, read: readRst },
  {
    files: /\.(?:\d[a-z]{0,4}|man|mdoc|roff|troff|groff|nroff|me|ms)(?:\.in)?$/i,
    types: /^(?:text\/troff|application\/x-troff(?:-man)?)$/,
    fits: isManPage,
    read: readManPage,
  },
  { files: /\.ipynb$/i, types: /^application\/x-ipynb\+json$/, isData: true, read: readNotebook },
  { files: /\.(?:tex|ltx|latex)$/i, types: /^(?:text|application)\/(?:x-)?(?:la)?tex$/, read: readLatex },
  { files: /\.(?:texi|texinfo|txi)$/i, types: /^(?:text|application)\/x-texinfo$/, read: readTexinfo },
  { files: /\.mediawiki$/i, types: /^text\/x-(?:media)?wiki$/, read: readMediawiki },
  { files: /\.wiki$/i, fits: isMediawiki, read: readMediawiki },
  { files: /\.pod$/i, types: /^(?:text|application)\/(?:x-)?pod$/, read: readPod },
  { files: /\.org$/i, types: /^text\/(?:x-)?org$/, read: readOrg },
  { files: /\.xml$/i, types: /^application\/rfc\+xml$/, fits: isXml2rfc, read: readXml2rfc },
  {
    files: /\.(?:xml|sgml?|dbk|docbook)$/i,
    types: /^application\/docbook\+xml$/,
    fits: isDocBook,
    read: readDocBook,
  },
  { files: /\.sgml?$/i, fits: isLinuxDoc, read: readLinuxDoc },
  { files: /\.sgml?$/i, types: /^(?:application|text)\/sgml$/, read: readSgml },
  { files: /\.xml$/i, types: /^(?:application|text)\/xml$/, read: readAsCode },
  { files: /\.(?:csv|tsv)$/i, types: /^text\/(?:csv|tab-separated-values)$/, isData: true, read: readCsv },
];

/** Maximum length of a text that is looked at to tell its format, in characters. */
const HEAD_LENGTH = 20_000;

/**
 * Reads a text as blocks by its name and media type.
 * @param file a path, or the path of an address
 * @returns null for program text and data, which are read as they are
 */
export function readBlocks(file: string, text: string, type = ""): BlockDocument | null {
  const isNamed = /\.[^./]+$/.test(file);
  const short = breakLongLines(text);
  const head = short.text.slice(0, HEAD_LENGTH);
  const format = FORMATS.find(
    ({ files, types, fits }) =>
      (files.test(file) || types?.test(type) === true) && (fits === undefined || fits(head)),
  );
  const isData = format?.isData === true;
  const found = format?.read(isData ? text : short.text) ?? null;
  if (found !== null) return isData ? found : withFileLines(found, short);
  return isNamed && isCodeFile(file) ? null : readPlainText(text);
}

/** Data whose name is that of a document, as one block. */
function readAsCode(text: string): BlockDocument {
  return { title: "", blocks: codeOf(numberLines(text), "xml", 0), dropped: () => [] };
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
