/*
 * One short manual in every format and in the markup of every generator, for the table of formats: a row without
 * documents on the machine has a figure all the same.
 */
import { docxParagraph, docxRun, makeDocx } from "../fakes/docx.js";
import { makePdf, paragraph } from "../fakes/pdf.js";

export interface FormatSample {
  name: string;
  bytes: Buffer;
}

const TITLE = "Keeping rows";
const LEAD =
  "The server keeps each row for an hour and asks the origin again after that time has passed. A client that sends the header gets a fresh row in any case, since the header says that nothing older is of use to it.";
const SECTION = "Limits";
const BODY =
  "At most nine tables may be open at once. A table that nobody reads is closed after ten minutes, and its rows are written to the disk before that happens. Nothing is lost when the program ends while it writes.";
const ITEMS = [
  "Rows that were read within the last minute stay in memory.",
  "Rows that were changed are written first, the oldest of them before all others.",
];
const TERMS = [
  ["--days", "The number of days for which rows are kept; zero means that none are."],
  ["--quiet", "Nothing is printed but what went wrong, and the exit code says the rest."],
] as const;
const CODE = "keep --days 9 table\nkeep --quiet other";
const CELLS = [
  ["Code", "Meaning"],
  ["7", "The row is kept until somebody asks for it"],
  ["9", "The row was dropped because it was too old"],
] as const;

/** How a generator marks the parts of a page. */
interface PageMarkup {
  head?: string;
  /** Around the whole page, whose place is "@". */
  frame: string;
  heading?: (text: string, level: number, id: string) => string;
  code?: (code: string) => string;
  terms?: (terms: typeof TERMS) => string;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** A page in the markup of a generator. */
function page({ head = "", frame, heading, code, terms }: PageMarkup): FormatSample {
  const title = heading ?? ((text, level, id) => `<h${level} id="${id}">${text}</h${level}>`);
  const listing = code ?? ((text) => `<pre><code>${escaped(text)}</code></pre>`);
  const options =
    terms ??
    ((all) => `<dl>${all.map(([term, text]) => `<dt>${term}</dt><dd><p>${text}</p></dd>`).join("")}</dl>`);
  const rows = CELLS.map(
    (cells, at) =>
      `<tr>${cells.map((cell) => (at === 0 ? `<th>${cell}</th>` : `<td>${cell}</td>`)).join("")}</tr>`,
  );
  const inside =
    title(TITLE, 1, "keeping-rows") +
    `<p>${LEAD}</p>` +
    title(SECTION, 2, "limits") +
    `<p>${BODY}</p><ul>${ITEMS.map((item) => `<li><p>${item}</p></li>`).join("")}</ul>` +
    options(TERMS) +
    listing(CODE) +
    `<table>${rows.join("")}</table>`;
  const html = `<!DOCTYPE html><html><head><title>${TITLE} — Keep</title>${head}</head><body>${frame.replace("@", () => inside)}</body></html>`;
  return { name: "/keeping-rows.html", bytes: Buffer.from(html) };
}

/** Pages by the names that the table has for their generators. */
export const PAGE_SAMPLES: Record<string, () => FormatSample> = {
  Sphinx: () =>
    page({
      frame:
        '<div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main"><section>@</section></div></div></div><div class="sphinxsidebar"><a href="/">Index</a></div><div class="footer">Created using Sphinx</div>',
      heading: (text, level, id) =>
        `<h${level}>${text}<a class="headerlink" href="#${id}" title="Permalink to this headline">¶</a></h${level}>`,
      code: (text) =>
        `<div class="highlight-console notranslate"><div class="highlight"><pre><span></span>${escaped(text)}\n</pre></div></div>`,
    }),
  rustdoc: () =>
    page({
      head: '<meta name="generator" content="rustdoc">',
      frame:
        '<nav class="sidebar"></nav><main><section id="main-content" class="content"><div class="docblock">@</div></section></main>',
      code: (text) =>
        `<div class="example-wrap"><pre class="rust rust-example-rendered"><code>${escaped(text).replace("9", '<span class="number">9</span>')}</code></pre></div>`,
    }),
  mdBook: () =>
    page({
      frame:
        '<nav id="sidebar" class="sidebar"><div class="sidebar-scrollbox"><ol><li><a href="a.html">Keep</a></li></ol></div></nav><div id="content" class="content"><main>@</main></div>',
      heading: (text, level, id) =>
        `<h${level} id="${id}"><a class="header" href="#${id}">${text}</a></h${level}>`,
      code: (text) => `<pre><code class="language-sh">${escaped(text)}\n</code></pre>`,
    }),
  MkDocs: () =>
    page({
      head: '<meta name="generator" content="mkdocs-1.5.3, mkdocs-material-9.4.0">',
      frame: '<div class="md-content"><article class="md-content__inner md-typeset">@</article></div>',
      heading: (text, level, id) =>
        `<h${level} id="${id}">${text}<a class="headerlink" href="#${id}">&para;</a></h${level}>`,
      code: (text) =>
        `<div class="language-sh highlight"><pre><span></span><code>${text
          .split("\n")
          .map((line, n) => `<a id="__codelineno-0-${n}" href="#__codelineno-0-${n}"></a>${escaped(line)}`)
          .join("\n")}\n</code></pre></div>`,
    }),
  Javadoc: () =>
    page({
      head: '<meta name="generator" content="javadoc/ClassWriterImpl">',
      frame:
        '<div class="flex-box"><div class="flex-content"><main role="main"><div class="class-description">@</div></main></div></div>',
      terms: (all) =>
        `<dl class="notes"><dt>Parameters:</dt>${all.map(([term, text]) => `<dd><code>${term}</code> - ${text}</dd>`).join("")}</dl>`,
    }),
  MediaWiki: () =>
    page({
      head: '<meta name="generator" content="MediaWiki 1.41.0">',
      frame:
        '<div id="content" class="mw-body" role="main"><div id="mw-content-text"><div class="mw-parser-output">@</div></div></div>',
      heading: (text, level, id) =>
        `<h${level}><span class="mw-headline" id="${id}">${text}</span><span class="mw-editsection"><span class="mw-editsection-bracket">[</span><a href="?edit">edit</a><span class="mw-editsection-bracket">]</span></span></h${level}>`,
    }),
  Doxygen: () =>
    page({
      head: '<meta name="generator" content="Doxygen 1.9.4">',
      frame:
        '<div class="header"><div class="headertitle"></div></div><div class="contents"><div class="textblock">@</div></div>',
      code: (text) =>
        `<div class="fragment">${text
          .split("\n")
          .map((line) => `<div class="line">${escaped(line)}</div>`)
          .join("")}</div><!-- fragment -->`,
    }),
  AsciiDoc: () =>
    page({
      head: '<meta name="generator" content="Asciidoctor 2.0.20">',
      frame: '<div id="content"><div class="sect1"><div class="sectionbody">@</div></div></div>',
      code: (text) =>
        `<div class="listingblock"><div class="content"><pre>${escaped(text)}</pre></div></div>`,
    }),
  DocBook: () =>
    page({
      head: '<meta name="generator" content="DocBook XSL Stylesheets V1.79.1">',
      frame: '<div class="chapter"><div class="titlepage"></div>@</div>',
      code: (text) => `<pre class="programlisting">${escaped(text)}</pre>`,
      terms: (all) =>
        `<div class="variablelist"><dl class="variablelist">${all.map(([term, text]) => `<dt><span class="term"><code class="option">${term}</code></span></dt><dd><p>${text}</p></dd>`).join("")}</dl></div>`,
    }),
  Texinfo: () =>
    page({
      head: '<meta name="Generator" content="texi2any">',
      frame: '<div class="chapter-level-extent">@</div>',
      code: (text) => `<div class="example"><pre class="example-preformatted">${escaped(text)}</pre></div>`,
    }),
  "gtk-doc, gi-docgen": () =>
    page({
      head: '<meta name="generator" content="GTK-Doc V1.33 (XML mode)">',
      frame: '<div class="refentry"><div class="refsect1">@</div></div>',
    }),
  LaTeX2HTML: () =>
    page({
      head: '<meta name="Generator" content="LaTeX2HTML v2018">',
      frame: "<!--Navigation Panel-->@<hr>",
    }),
  "node.js": () =>
    page({
      frame:
        '<div id="content" class="clearfix"><div id="column1" data-id="keep" class="interior"><div id="apicontent">@</div></div></div>',
      heading: (text, level, id) =>
        `<h${level}>${text}<span><a class="mark" href="#${id}" id="${id}">#</a></span></h${level}>`,
    }),
};

function lines(...all: string[]): string {
  return `${all.join("\n\n")}\n`;
}

const TABLE_ROWS = CELLS.map((cells) => cells.join(" | "));

/** Documents by the names that the table has for their formats. */
export const DOCUMENT_SAMPLES: Record<string, () => FormatSample> = {
  Markdown: () => text("keep.md", lines(
    `# ${TITLE}`, LEAD, `## ${SECTION}`, BODY, ITEMS.map((item) => `- ${item}`).join("\n"),
    TERMS.map(([term, what]) => `- \`${term}\`: ${what}`).join("\n"), "```sh\n" + CODE + "\n```",
    [`| ${TABLE_ROWS[0] ?? ""} |`, "| --- | --- |", ...TABLE_ROWS.slice(1).map((row) => `| ${row} |`)].join("\n"),
  )),
  reStructuredText: () => text("keep.rst", lines(
    `${TITLE}\n${"=".repeat(TITLE.length)}`, LEAD, `${SECTION}\n${"-".repeat(SECTION.length)}`, BODY,
    ITEMS.map((item) => `* ${item}`).join("\n"), TERMS.map(([term, what]) => `.. option:: ${term}\n\n   ${what}`).join("\n\n"),
    `.. code-block:: sh\n\n${indented(CODE, 3)}`,
    [".. list-table::", "   :header-rows: 1", "", ...CELLS.map(([a, b]) => `   * - ${a}\n     - ${b}`)].join("\n"),
  )),
  AsciiDoc: () => text("keep.adoc", lines(
    `= ${TITLE}`, LEAD, `== ${SECTION}`, BODY, ITEMS.map((item) => `* ${item}`).join("\n"),
    TERMS.map(([term, what]) => `${term}:: ${what}`).join("\n"), `[source,sh]\n----\n${CODE}\n----`,
    `[options="header"]\n|===\n${CELLS.map(([a, b]) => `|${a} |${b}`).join("\n")}\n|===`,
  )),
  "manual pages": () => text("keep.1", [
    '.TH KEEP 1 "2024-01-01"', ".SH NAME", `keep \\- ${TITLE.toLowerCase()}`, ".SH DESCRIPTION", LEAD, `.SH ${SECTION.toUpperCase()}`, BODY,
    ...ITEMS.flatMap((item) => [".IP \\(bu 2", item]),
    ...TERMS.flatMap(([term, what]) => [".TP", `.B ${term.replaceAll("-", "\\-")}`, what]), ".PP", ".nf", CODE.replaceAll("-", "\\-"), ".fi", "",
  ].join("\n")),
  Org: () => text("keep.org", lines(
    `#+TITLE: ${TITLE}`, LEAD, `* ${SECTION}`, BODY, ITEMS.map((item) => `- ${item}`).join("\n"),
    TERMS.map(([term, what]) => `- ${term} :: ${what}`).join("\n"), `#+BEGIN_SRC sh\n${CODE}\n#+END_SRC`,
    [`| ${TABLE_ROWS[0] ?? ""} |`, "|---+---|", ...TABLE_ROWS.slice(1).map((row) => `| ${row} |`)].join("\n"),
  )),
  LaTeX: () => text("keep.tex", lines(
    `\\documentclass{article}\n\\title{${TITLE}}\n\\begin{document}\n\\maketitle`, LEAD, `\\section{${SECTION}}`, BODY,
    `\\begin{itemize}\n${ITEMS.map((item) => `\\item ${item}`).join("\n")}\n\\end{itemize}`,
    `\\begin{description}\n${TERMS.map(([term, what]) => `\\item[\\texttt{${term}}] ${what}`).join("\n")}\n\\end{description}`,
    `\\begin{verbatim}\n${CODE}\n\\end{verbatim}`,
    `\\begin{tabular}{ll}\n${CELLS.map(([a, b]) => `${a} & ${b} \\\\`).join("\n")}\n\\end{tabular}`, "\\end{document}",
  )),
  Texinfo: () => text("keep.texi", lines(
    `\\input texinfo\n@settitle ${TITLE}\n@node Top\n@top ${TITLE}`, LEAD, `@node ${SECTION}\n@chapter ${SECTION}`, BODY,
    `@itemize @bullet\n${ITEMS.map((item) => `@item\n${item}`).join("\n")}\n@end itemize`,
    `@table @option\n${TERMS.map(([term, what]) => `@item ${term}\n${what}`).join("\n")}\n@end table`,
    `@example\n${CODE}\n@end example`,
    `@multitable @columnfractions .3 .7\n${CELLS.map(([a, b], at) => `${at === 0 ? "@headitem" : "@item"} ${a} @tab ${b}`).join("\n")}\n@end multitable`,
    "@bye",
  )),
  POD: () => text("Keep.pod", lines(
    `=head1 ${TITLE}`, LEAD, `=head2 ${SECTION}`, BODY, "=over 4", ...ITEMS.map((item) => `=item *\n\n${item}`), "=back",
    "=over 4", ...TERMS.map(([term, what]) => `=item B<${term}>\n\n${what}`), "=back", indented(CODE, 4), "=cut",
  )),
  notebooks: () => text("keep.ipynb", JSON.stringify({
    cells: [
      { cell_type: "markdown", metadata: {}, source: [`# ${TITLE}\n`, "\n", LEAD] },
      { cell_type: "markdown", metadata: {}, source: [`## ${SECTION}\n`, "\n", `${BODY}\n`, "\n", ...ITEMS.map((item) => `- ${item}\n`)] },
      { cell_type: "code", execution_count: 1, metadata: {}, outputs: [], source: CODE.split("\n").map((line) => `!${line}\n`) },
      { cell_type: "markdown", metadata: {}, source: TERMS.map(([term, what]) => `* **${term}**: ${what}\n`) },
    ],
    metadata: { kernelspec: { name: "python3" } }, nbformat: 4, nbformat_minor: 5,
  })),
  DocBook: () => text("keep.dbk", lines(
    `<?xml version="1.0"?>\n<article xmlns="http://docbook.org/ns/docbook" version="5.0"><title>${TITLE}</title>`, `<para>${LEAD}</para>`,
    `<section><title>${SECTION}</title><para>${BODY}</para>`,
    `<itemizedlist>${ITEMS.map((item) => `<listitem><para>${item}</para></listitem>`).join("\n")}</itemizedlist>`,
    `<variablelist>${TERMS.map(([term, what]) => `<varlistentry><term><option>${term}</option></term><listitem><para>${what}</para></listitem></varlistentry>`).join("\n")}</variablelist>`,
    `<programlisting>${CODE}</programlisting>`, "</section></article>",
  )),
  CSV: () => text("keep.csv", [
    ...CELLS.map((cells) => cells.join(",")), ...TERMS.map(([term, what]) => `${term},"${what}"`), `lead,"${LEAD}"`, `limits,"${BODY}"`, "",
  ].join("\n")),
  PDF: () => ({
    name: "keep.pdf",
    bytes: makePdf([[
      { text: TITLE, x: 72, y: 740, size: 20 }, ...paragraph(wrapped(LEAD), 710), { text: SECTION, x: 72, y: 630, size: 15 },
      ...paragraph(wrapped(BODY), 605),
      ...CODE.split("\n").map((line, at) => ({ text: line, x: 90, y: 520 - at * 12, size: 10, isCode: true })),
      ...paragraph(ITEMS, 470), ...paragraph(TERMS.map(([term, what]) => `${term} ${what}`), 420),
    ]], { title: TITLE }),
  }),
  Word: () => ({
    name: "keep.docx",
    bytes: makeDocx(
      [TITLE, LEAD, SECTION, BODY, ...ITEMS, ...TERMS.map((each) => each.join(" ")), ...CODE.split("\n")]
        .map((each) => docxParagraph(docxRun(each)))
        .join(""),
    ),
  }),
}; // prettier-ignore

function text(name: string, content: string): FormatSample {
  return { name, bytes: Buffer.from(content) };
}

function indented(block: string, width: number): string {
  return block
    .split("\n")
    .map((line) => " ".repeat(width) + line)
    .join("\n");
}

/** Lines of up to this many characters, as on a page. */
function wrapped(prose: string, width = 80): string[] {
  const found: string[] = [];
  for (const word of prose.split(" ")) {
    const last = found.at(-1);
    if (last === undefined || last.length + word.length >= width) found.push(word);
    else found[found.length - 1] = `${last} ${word}`;
  }
  return found;
}
