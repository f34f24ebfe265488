import assert from "node:assert/strict";
import MarkdownIt from "markdown-it";
import { extractOffline } from "../../../src/models/offline/extract.js";
import { questionToTitle } from "../../../src/models/offline/titles.js";
import {
  rowToPlainText,
  quoteToSentences,
  quoteToPlainText,
} from "../../../src/models/offline/plain-text.js";
import {
  splitClauses,
  comparedItems,
  questionKind,
  findNames,
} from "../../../src/models/offline/question-analysis.js";
import { splitQuotableUnits } from "../../../src/models/offline/quotable-units.js";
import { redact } from "../../../src/common/redact.js";
import { findCandidateQuotes } from "../../../src/core/evidence/candidate-quotes.js";
import { diffClaims } from "../../../src/core/report/report-diff.js";
import { minHash } from "../../../src/core/text/near-duplicates.js";
import { findMissingFacts } from "../../../src/core/evidence/missing-facts.js";
import { findUncitedClaims } from "../../../src/core/report/findings.js";
import { removeInvisibleCharacters } from "../../../src/common/invisible-characters.js";
import {
  escapeInline,
  headingToMarkdown,
  escapeLinkTarget,
  quoteFromMarkdown,
  quoteToMarkdown,
  sentenceFromMarkdown,
  sentenceToMarkdown,
} from "../../../src/core/text/markdown-escape.js";
import { plainHeadingText, splitPassages } from "../../../src/core/text/passages.js";
import { readPlanDocument } from "../../../src/core/pipeline/plan-document.js";
import { createQuoteLocator, isTooShort, locateQuote } from "../../../src/core/evidence/locate-quote.js";
import { rankPassages, splitSentences } from "../../../src/core/text/rank-passages.js";
import { findFormProblems, findReportLinks } from "../../../src/core/report/report-form.js";
import { parseReport, splitReportLines } from "../../../src/core/report/parse-report.js";
import { removalEdits, verdictEdits } from "../../../src/core/report/report-edits.js";
import { textFragmentUrl } from "../../../src/core/report/render-report.js";
import { contentTerms, foldCase, splitWords } from "../../../src/core/text/tokenize.js";
import { quoteStatus } from "../../../src/verification/quote-status.js";
import { slug } from "../../../src/storage/sessions/session.js";
import { decodePage } from "../../../src/reading/documents/decode-page.js";
import { decodeFile } from "../../../src/reading/documents/decode-file.js";
import { extractHtmlFileText } from "../../../src/reading/documents/html-plain-text.js";
import { extractArticle } from "../../../src/reading/documents/html-article.js";
import { findPageProblem, findPageWarnings } from "../../../src/reading/documents/unreadable-pages.js";
import { mentionName } from "../../../src/search/workspace/rank-files.js";
import { readBlocks } from "../../../src/reading/documents/document-formats.js";
import { createReportPreview } from "../../../src/vscode/preview/markdown-it-plugin.js";
import { readReportClaims } from "../../../src/core/report/report-claims.js";
import {
  fenceText,
  escapeMarkdown,
  escapeToOneLine,
  toSafeWebUrl,
} from "../../../src/vscode/report-editor/escape-markdown.js";
import { aReport } from "../../fakes/report.js";
import { english } from "../../fakes/english-messages.js";

/*
 * A stranger's text, four times as long, takes about four times as long and not sixteen times: in everything that a
 * page, a file, a report, a journal or a model's answer goes through.
 */

/** What a file of a format begins with, where its ending alone does not say so. */
const START_OF_FORMAT: Record<string, string> = {
  "1": ".TH A 1\n",
  docbook: '<?xml version="1.0"?><article xmlns="http://docbook.org/ns/docbook">',
};

const FORMATS = ["md", "mdx", "rst", "adoc", "csv", "txt", "1", "org", "docbook", "ipynb"];

/** Characters of the shorter text. What is quadratic takes seconds for four times as many. */
const LENGTH = Number(process.env["LINEAR_LENGTH"] ?? 6000);
/** Of four times the length: processor time in milliseconds. */
const MOST = 3000;
/** Below this there is nothing to compare. */
const LEAST = 300;
/** Quadratic would be 16. */
const RATIO = 9;
const TRIES = 12;

/** What patterns begin with and do not end in, what stands in rows, and what Unicode has to offer. */
const TEXTS: Record<string, string> = {
  blanks: " ",
  tabs: "\t",
  "line breaks": "\n",
  "carriage returns": "\r",
  "a word": "a",
  capitals: "A",
  "short words": "ab ",
  "capitalised words": "Ab ",
  "capitalised words and small ones": "Ab of ",
  "capitalised lines": "Ab\n",
  "names of code": "aB.c_",
  "names with hyphens": "a-",
  "names with dots": "A.",
  figures: "17 ",
  digits: "1",
  times: "1:",
  thousands: "1,000,",
  sentences: "A b. ",
  "sentences in brackets": "(A b. ",
  "sentences after code": "it. `a` ",
  dots: ".",
  "full stops with quotes": '."',
  "question marks": "?",
  backslashes: "\\",
  "hard breaks": "\\\n   ",
  backticks: "`",
  "code spans": "`a` ",
  "half code spans": "` ",
  "opening brackets": "[",
  "opening brackets and blanks": "[ ",
  brackets: "[]",
  "closing brackets": "]",
  "opened links": "](",
  "opened links with labels": "[a](",
  "escaped links": "\\](",
  images: "![",
  references: "[a][",
  parentheses: "(",
  braces: "{#",
  "opened marks": "*(qualified: ",
  marks: "*(qualified)* ",
  "marks with reasons": "*(qualified: a)* ",
  citations: "[[1.1]](#source-1) ",
  "sentences with citations": "A b. [[1.1]](#source-1) ",
  "opened citations": "[[1",
  stars: "*",
  "stars and letters": "*a ",
  underscores: "_a ",
  hashes: "#",
  "hashes and blanks": "# ",
  headings: "# a\n\nb\n\n",
  equals: "= ",
  "equals and tabs": "=\t",
  colons: ": ",
  pipes: "|",
  "pipes and blanks": "| ",
  "pipes and dashes": "|-\n",
  rows: "| a | b |\n",
  dashes: "-",
  "lines of dashes": "---\n",
  items: "- a\n",
  fences: "```\n",
  "longer fences": "~~~~\na\n~~~\n",
  comments: "<!--",
  "ends of comments": "*/ ",
  "opened tags": "<a ",
  "less than": "<",
  "opened addresses": "<http://a",
  addresses: "http://a.b/c ",
  mails: "a@",
  scripts: "<script>",
  styles: "<style><script></style>",
  metas: "<meta charset",
  "table cells": "<td>",
  "list items with blocks": "<li><div> ",
  "headings of a page": "<h2>a</h2><p>b",
  "links of a page": "<ul><li><a href=x>b</a></ul>",
  entities: "a&amp;",
  "character references": "&#",
  "opening quotation marks": "“",
  quotes: '"a',
  escapes: "\u001b]",
  "more escapes": "\u001b[0",
  "combining marks": "\u0301\u0323",
  letters: "e\u0301",
  joiners: "\u200d",
  "invisible characters": "\u200b ",
  ligatures: "\ufdfa",
  thai: "ภาษาไทย",
  han: "漢字仮名",
  korean: "\u1112\u1161\u11ab",
  "half a pair": "\ud800",
  "titles of front matter": "title:\n",
  sessions: "session\n",
  definitions: "const a = ",
  calls: "f(\t",
  "what is compared": "difference between a and ",
  "clauses of a question": "what is a and how ",
};

const of = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** Addresses hold no half characters. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "x");

const PLACE = { path: "a.md", ranges: [{ counts: "lines" as const, first: 1, last: 2 }] };
const HEAD = "---\nsession: 20261122-101500-what-is-it-7f3a\nchecked: x\n---\n\n# T\n\n";
const SOURCES = '\n\n## Sources\n\n### Source 1\n\n[a](b#L1-L2), line 1, read on 2026-11-22.\n\n1. "';

const html = { title: "T", text: "" };

/** What is done with a text of any kind. */
const WORK: Record<string, (text: string) => unknown> = {
  "a quote that is not there": (text) => locateQuote("no such words", `x${text}`),
  "a quote as long as the text": (text) => locateQuote(`no${text.slice(text.length / 2)}`, text),
  "a quote's letters": (text) => isTooShort(text),
  "a quote today": (text) =>
    quoteStatus("no such words", PLACE, { text, lines: null, pages: null, marked: text }),
  "facts of a sentence": (text) => findMissingFacts(text, ["Ab 17 x"]),
  "facts of a quote": (text) => findMissingFacts("Ab 18 x AB", [text]),
  "facts of both": (text) => findMissingFacts(text, [text.slice(7), text]),
  "a report's line": (text) => check(`${HEAD}${text} [[1.1]](#source-1)${SOURCES}x"\n`),
  "a report's line behind a citation": (text) => check(`${HEAD}A b. [[1.1]](#source-1)${text}${SOURCES}x"\n`),
  "a report's row": (text) => check(`${HEAD}| a [[1.1]](#source-1) ${text}${SOURCES}x"\n`),
  "a report's quote": (text) => check(`${HEAD}A. [[1.1]](#source-1)${SOURCES}${text}"\n`),
  "a report's source": (text) =>
    check(`${HEAD}A. [[1.1]](#source-1)\n\n## Sources\n\n### Source 1\n\n[${text}`),
  "a report's front matter": (text) => check(`---\nsession: x\n${text}\n---\n# T\n\nA.${SOURCES}x"\n`),
  "claims of a report": (text) => claimsOrNone(`${HEAD}A b. [[1.1]](#source-1)${text}${SOURCES}x"\n`),
  "a report in the preview": (text) => preview(`${HEAD}A b. [[1.1]](#source-1)${text}${SOURCES}x"\n`),
  "text in Markdown": (text) => [
    escapeInline(text),
    sentenceToMarkdown(text),
    headingToMarkdown(text),
    quoteToMarkdown(text),
    escapeLinkTarget(wellFormed(text)),
  ],
  "text from Markdown": (text) => [sentenceFromMarkdown(text), quoteFromMarkdown(text)],
  "a heading": (text) => plainHeadingText(`# ${text}`),
  "passages of Markdown": (text) => splitPassages(text, "markdown"),
  "passages of code": (text) => splitPassages(text, "code"),
  "sentences of Markdown": (text) => splitSentences(text),
  "sentences of code": (text) => splitSentences(text, "code"),
  words: (text) => [splitWords(text), contentTerms(text), foldCase(text)],
  "ranked passages": (text) => rankPassages(splitPassages(text, "markdown"), ["ab what is it"]),
  candidates: (text) => findCandidateQuotes("Ab and ab 17", [{ id: "x", text, format: "markdown" }]),
  copies: (text) => minHash(text, ""),
  "invisible characters": (text) => removeInvisibleCharacters(text),
  "a plan": (text) => readPlanDocument(`# ${text}\n- ${text}`, "standard"),
  "a text fragment": (text) => textFragmentUrl(`http://a.b/${text}`, wellFormed(text)),
  "a session's name": (text) => slug(text),
  "a quote as plain text": (text) => [quoteToPlainText(text), quoteToSentences(text), rowToPlainText(text)],
  "a heading as plain text": (text) => quoteToPlainText(`# ${text}`),
  "a question": (text) => [
    questionToTitle(text),
    questionKind(text),
    findNames(text),
    comparedItems(text),
    splitClauses(text),
  ],
  "a file's title": (text) => [readBlocks("a.md", `---\n${text}`), mentionName("a.md", text)],
  ...Object.fromEntries(
    FORMATS.map((ending) => [
      `a file of .${ending}`,
      (text: string) =>
        readBlocks(
          `a.${ending}`,
          START_OF_FORMAT[ending] === undefined ? text : START_OF_FORMAT[ending] + text,
        ),
    ]),
  ),
  "bytes of a page": (text) => decodePage(Buffer.from(`é${text}`, "latin1"), null),
  "bytes of a file": (text) => decodeFile(Buffer.from(`é${text}`, "latin1")),
  "an HTML file": (text) => extractHtmlFileText(text),
  "a page's problems": (text) => [
    findPageProblem({ ...html, html: text }),
    findPageProblem({ title: "T", text, html: text }),
    findPageWarnings({ text, html: text }),
  ],
  "texts in a window": (text) => [
    escapeMarkdown(text),
    fenceText(text),
    escapeToOneLine(text),
    toSafeWebUrl(`http://a.b/${text}`),
  ],
  "a log's line": (text) => redact(text, "a-key-of-gemini"),
};

/** Units of a passage, and what an offline answer is made of: passages are short, and there are many. */
const PIECES: Record<string, (passages: { heading: string; text: string }[]) => unknown> = {
  "units of passages": (all) => all.map((each, index) => splitQuotableUnits(each, index, "markdown")),
  "units of code": (all) => all.map((each, index) => splitQuotableUnits(each, index, "code")),
  "what is extracted": (all) =>
    extractOffline({
      questions: [{ id: "q0", question: "What is Ab and ab?" }],
      title: "T",
      format: "markdown",
      passages: all,
      missed: [],
    }),
};

describe("time for a stranger's text", function () {
  this.timeout(120_000);
  for (const [what, work] of Object.entries(WORK)) {
    it(`grows with the text: ${what}`, () => {
      for (const [name, unit] of Object.entries(TEXTS))
        grows(`${what}, of ${name}`, (length) => of(unit, length), work);
    });
  }

  for (const [what, work] of Object.entries(PIECES)) {
    it(`grows with the text: ${what}`, () => {
      for (const [name, unit] of Object.entries(TEXTS))
        grows(`${what}, of ${name}`, (length) => splitPassages(of(unit, length), "markdown"), work);
    });
  }

  it("grows with the elements of a page", () => {
    for (const unit of ["<p>a b.", "<h2>a</h2><p>b", "<ul><li><a href=x>b</a></ul>", "<td>a", "a&amp;"])
      grows(
        `a page of ${unit}`,
        (length) => of(unit, length),
        (text) => extractArticle(text, "http://a.b/"),
      );
  });

  it("grows with the lines of a long file", () => {
    for (const ending of FORMATS)
      for (const name of ["fences", "longer fences", "lines of dashes", "rows", "items"])
        grows(
          `a long file of .${ending}, of ${name}`,
          (length) => (START_OF_FORMAT[ending] ?? "") + of(TEXTS[name] ?? "", 8 * length),
          (text) => readBlocks(`a.${ending}`, text),
        );
  });

  it("grows with the figures of a long sentence", () => {
    for (const name of ["opened addresses", "addresses", "mails", "calls"])
      grows(
        `figures of ${name}`,
        (length) => of(TEXTS[name] ?? "", 4 * length),
        (text) => findMissingFacts(text, ["Ab 17 x"]),
      );
  });

  it("grows with the quotes of one text", () => {
    grows(
      "quotes that are not there",
      (length) => of("some words of a text ", length),
      (text) => {
        const find = createQuoteLocator(text);
        for (let n = 0; n < 200; n++) assert.equal(find(`no such “quote” ${n}`), null);
      },
    );
  });

  it("grows with what a model's or a session's lists hold", () => {
    const quotes = (length: number): string[] =>
      Array.from({ length: length / 100 }, (_, n) => `Ab${n} has ${n} parts and is word${n} of all x${n}.`);
    grows("claims of two reports", quotes, (all) =>
      diffClaims(
        aReport({ quotes: all, claims: all.map((text) => ({ text })) }),
        aReport({
          quotes: all,
          claims: all.map((text) => ({ text: `${text} Now else and other${text.length} more.` })),
        }),
      ),
    );
  });

  it("grows with the citations of one sentence, when they are edited", () => {
    grows(
      "edits",
      (length) => `${HEAD}A b. ${of("[[1.1]](#source-1) ", length)}${SOURCES}x"\n`,
      (markdown) => {
        const report = parseReport(markdown);
        const [sentence] = report.sentences;
        const [citation] = report.citations;
        assert.ok(sentence !== undefined && citation !== undefined);
        return [
          verdictEdits(markdown, report, sentence, "qualified", "why"),
          removalEdits(markdown, report, citation),
        ];
      },
    );
  });
});

function check(markdown: string): unknown {
  try {
    const report = parseReport(markdown);
    const lines = splitReportLines(markdown);
    return [
      report,
      findUncitedClaims(lines, report),
      findFormProblems(lines, report),
      findReportLinks(lines, report),
    ];
  } catch {
    // Some are no reports.
    return null;
  }
}

function claimsOrNone(markdown: string): unknown {
  try {
    return readReportClaims(markdown);
  } catch {
    // Some are no reports.
    return null;
  }
}

function preview(markdown: string): string {
  const md = MarkdownIt({ html: true });
  md.use(
    createReportPreview(
      () => true,
      () => null,
      english,
    ),
  );
  return md.render(markdown, { currentDocument: { scheme: "file", authority: "", path: "/w/x.md" } });
}

/** Holds that four times the length takes no more than nine times the time. */
function grows<T>(what: string, make: (length: number) => T, work: (input: T) => unknown): void {
  const [short, long] = [make(LENGTH), make(4 * LENGTH)];
  let [one, four] = [Infinity, Infinity];
  for (let tries = 1; ; tries++) {
    one = Math.min(one, timeOf(work, short));
    assert.ok(one < MOST, `${what}: ${one.toFixed()} ms for ${LENGTH} characters`);
    four = Math.min(four, timeOf(work, long));
    if (four < MOST && (four < LEAST || four < one * RATIO)) return;
    if (tries === TRIES) break;
  }
  assert.fail(
    `${what}: ${one.toFixed()} ms for ${LENGTH} characters, ${four.toFixed()} ms for four times as many`,
  );
}

/** Milliseconds of processor time. */
function timeOf<T>(work: (input: T) => unknown, input: T): number {
  const before = process.cpuUsage();
  work(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
