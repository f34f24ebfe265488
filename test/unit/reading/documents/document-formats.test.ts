import assert from "node:assert/strict";
import { toResearchError } from "../../../../src/common/errors.js";
import { extractFileText } from "../../../../src/reading/documents/extract-file-text.js";

/** The text that is read from a file, and all else that is known of it. */
function read(file: string, content: string) {
  const found = extractFileText(file, Buffer.from(content));
  assert.ok(found !== null);
  return found;
}

const textOf = (file: string, content: string): string => read(file, content).text;

/** Whether one line of a text, or an item with its wrapped lines, holds all words. */
function holdsTogether(text: string, ...words: string[]): void {
  const units = text.replace(/\n\s+(?![-\d])/g, " ").split("\n");
  assert.ok(
    units.some((unit) => words.every((word) => unit.includes(word))),
    `${words.join(" … ")} not together in:\n${text}`,
  );
}

describe("raised and lowered text of files", () => {
  const cases: [string, string, RegExp][] = [
    [
      "a.md",
      "A map holds 2<sup>32</sup> entries, which is ~10<sup>9.6</sup>.",
      /2\^32 entries, which is ~10\^9\.6\./,
    ],
    ["a.md", "Water is H<sub>2</sub>O.", /H₂O/],
    [
      "a.md",
      "It was founded in 2019[^1] and sold in 2021.[^2]\n\n[^1]: The register says so.\n[^2]: As reported.",
      /in 2019 and sold in 2021\.\n\nThe register says so\./,
    ],
    [
      "a.md",
      "The cost is $O(n^2)$ and $a_1 * b_1 * c_1$ in all.",
      /\$O\(n\^2\)\$ and \$a_1 \* b_1 \* c_1\$ in all/,
    ],
    [
      "a.mdx",
      "export const x = 1;\n\n| Size | Rows |\n| --- | --- |\n| big | 2<sup>20</sup> |",
      /\| Size: big \| Rows: 2\^20 \|/,
    ],
    ["a.rst", "A :class:`.Session` of :meth:`~.Pool.get`, in :file:`.env`.", /A Session of get, in \.env\./],
    ["a.rst", "A map holds 2\\ :sup:`32` entries of H\\ :sub:`2`\\ O.", /2\^32 entries of H₂O\./],
    [
      "a.rst",
      "The area is :math:`\\pi r^2` exactly [1]_.\n\n.. [1] Proved long ago.",
      /\$\\pi r\^2\$ exactly\.\n\nProved long ago\./,
    ],
    ["a.adoc", "= T\n\nA map holds 2^32^ entries of H~2~O.", /2\^32 entries of H₂O\./],
    [
      "a.tex",
      "A map holds 2\\textsuperscript{32} entries of H\\textsubscript{2}O.",
      /2\^32 entries of H₂O\./,
    ],
    ["a.texi", "A map holds 2@sup{32} entries of H@sub{2}O.", /2\^32 entries of H₂O\./],
    [
      "a.tex",
      "It was founded in 2019\\footnote{The register says so.} here.",
      /2019 \(The register says so\.\) here/,
    ],
    ["a.html", "<p>A map holds 2<sup>32</sup> entries.</p>", /2\^32 entries/],
    [
      "a.xml",
      "<?xml version='1.0'?>\n<article><title>T</title>\n<para>A map holds 2<superscript>32</superscript> rows.</para></article>",
      /2\^32 rows/,
    ],
  ];
  for (const [file, content, right] of cases)
    it(`keeps their value: ${file}: ${content.slice(0, 40).replaceAll("\n", " ")}`, () => {
      assert.match(textOf(file, content), right);
    });
});

describe("formulas of files", () => {
  const cases: [string, string, string][] = [
    [
      "a.md",
      "So we have:\n\n$$\n\\int_0^1 x\\,dx = \\frac{1}{2}\n$$\n\nand no more.",
      "$\\int_0^1 x\\,dx = \\frac{1}{2}$",
    ],
    ["a.md", "```math\na^2 + b^2 = c^2\n```", "$a^2 + b^2 = c^2$"],
    ["a.rst", "Here:\n\n.. math::\n\n   e^{i\\pi} = -1\n", "$e^{i\\pi} = -1$"],
    ["a.adoc", "= T\n\n[stem]\n++++\nx_1 + x_2\n++++\n", "$x_1 + x_2$"],
    ["a.tex", "So \\[ e^{i\\pi} = -1 \\] holds.", "$e^{i\\pi} = -1$"],
    ["a.tex", "\\begin{equation}\\label{eq:e}\n  x_1 + x_2\n\\end{equation}\n", "$x_1 + x_2$"],
    ["a.tex", "The cost is \\(O(n^2)\\) in all.", "$O(n^2)$"],
    ["a.texi", "The cost is @math{O(n^2)} in all.", "$O(n^2)$"],
    ["a.md", "It costs $5 for one and $10 for two.", "It costs $5 for one and $10 for two."],
  ];
  for (const [file, content, right] of cases)
    it(`keeps them: ${file}: ${content.slice(0, 40).replaceAll("\n", " ")}`, () => {
      const text = textOf(file, content);
      assert.ok(text.includes(right), text);
      assert.equal(text.split(right).length, 2);
    });
});

describe("code of files", () => {
  const code =
    'def load(path):\n    # not a heading\n    return {"a": path}  # <b>bold</b>\n\n\nprint(load("x"))';
  const indented = code.replace(/^(?=.)/gm, "   ");
  const cases: [string, string][] = [
    ["a.md", `Run:\n\n\`\`\`python title="x.py"\n${code}\n\`\`\`\n`],
    ["a.md", `- Step:\n\n  ~~~\n${code.replace(/^(?=.)/gm, "  ")}\n  ~~~\n- Next`],
    ["a.rst", `Run::\n\n${indented}\n\nDone.`],
    ["a.rst", `.. code-block:: python\n   :caption: x.py\n\n${indented}\n`],
    ["a.adoc", `= T\n\n[source,python]\n----\n${code}\n----\n`],
    ["a.adoc", `= T\n\n* Step:\n+\n----\n${code}\n----\n`],
    ["a.org", `* T\n#+BEGIN_SRC python\n${code}\n#+END_SRC\n`],
    ["a.tex", `\\section{T}\n\\begin{lstlisting}[language=Python]\n${code}\n\\end{lstlisting}\nDone.`],
    ["a.tex", `\\begin{itemize}\\item Step:\n\\begin{verbatim}\n${code}\n\\end{verbatim}\n\\end{itemize}`],
    ["a.texi", `@chapter T\n@verbatim\n${code}\n@end verbatim\n`],
    ["a.texi", `@chapter T\n@example\n${code.replace(/[{}@]/g, "@$&")}\n@end example\n`],
    ["a.pod", `=head1 T\n\nRun:\n\n${indented}\n\nDone.\n`],
    ["a.1", `.TH A 1\n.SH EXAMPLE\n.EX\n${code}\n.EE\n`],
    [
      "a.ipynb",
      JSON.stringify(
        { cells: [{ cell_type: "code", source: code.split(/(?<=\n)/), outputs: [] }], metadata: {} },
        null,
        1,
      ),
    ],
    [
      "a.xml",
      `<article><title>T</title><programlisting language="python"><![CDATA[${code}]]></programlisting></article>`,
    ],
  ];
  for (const [file, content] of cases)
    it(`stays word for word: ${file}: ${content.slice(0, 30).replaceAll("\n", " ")}`, () => {
      const text = textOf(file, content);
      assert.ok(text.includes(`\n${code}\n\`\`\``), text);
    });
});

describe("terms of files", () => {
  const cases: [string, string, string, string, string][] = [
    [
      "a.adoc",
      "= reset\n\n`--soft`::\n\tKeeps the index\n\tand the files.\n\n`--hard`::\n\tThrows changes away.\n",
      "--hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.adoc",
      "= reset\n\n--soft::\n+\n--\nKeeps the index.\n--\n\n--hard:: Throws changes\naway.\n",
      "--hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.rst",
      ".. option:: --soft\n\n   Keeps the index.\n\n.. option:: --hard\n\n   Throws changes away.\n",
      "--hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.rst",
      ".. py:data:: SOFT\n   :value: 1\n\n   Keeps the index.\n\n.. py:data:: HARD\n\n   Throws changes away.\n",
      "HARD",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.rst",
      "--soft   Keeps the index.\n--hard   Throws changes\n         away.\n",
      "--hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.rst",
      "soft\n    Keeps the index.\n\nhard\n    Throws changes away.\n",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.rst",
      ":soft: Keeps the index.\n:hard: Throws changes\n   away.\n",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.md",
      "soft\n:   Keeps the index.\n\nhard\n:   Throws changes away.\n",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.md",
      "<dl><dt>soft</dt><dd>Keeps the index.</dd>\n<dt>hard</dt><dd>Throws changes away.</dd></dl>\n",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.1",
      ".TH RESET 1\n.SH OPTIONS\n.TP\n.B \\-\\-soft\nKeeps the index.\n.TP\n.BR \\-\\-hard\nThrows changes\naway.\n",
      "--hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.1",
      ".Dd x\n.Dt RESET 1\n.Sh OPTIONS\n.Bl -tag\n.It Fl s\nKeeps the index.\n.It Fl h Ar mode\nThrows changes away.\n.El\n",
      "-h mode",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.tex",
      "\\begin{description}\n\\item[soft] Keeps the index.\n\\item[\\texttt{hard}] Throws changes\naway.\n\\end{description}\n",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.tex",
      "\\begin{datadesc}{soft}\nKeeps the index.\n\\end{datadesc}\n\n\\begin{funcdesc}{hard}{\\optional{mode}}\nThrows changes away.\n\\end{funcdesc}\n",
      "hard mode",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.texi",
      "@table @option\n@item --soft\n@cindex soft\nKeeps the index.\n\n@item --hard\n@itemx -H\nThrows changes\naway.\n@end table\n",
      "--hard, -H",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.texi",
      "@deffn Command soft\nKeeps the index.\n@end deffn\n\n@deffn {Shell Command} hard mode\n@deffnx Command harder\nThrows changes away.\n@end deffn\n",
      "hard mode (Shell Command), harder (Command)",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.pod",
      "=over 4\n\n=item B<--soft>\n\nKeeps the index.\n\n=item B<--hard>\n\n=item C<-H>\n\nThrows changes\naway.\n\n=back\n",
      "--hard, `-H`",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.org",
      "* Options\n- soft :: Keeps the index.\n- hard :: Throws changes\n  away.\n",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
    [
      "a.xml",
      "<article><title>T</title><variablelist><varlistentry><term>soft</term><listitem><para>Keeps the index.</para></listitem></varlistentry>\n<varlistentry><term>hard</term><listitem><para>Throws changes away.</para></listitem></varlistentry></variablelist></article>",
      "hard",
      "Throws changes away",
      "Keeps the index",
    ],
  ];
  for (const [file, content, term, own, other] of cases)
    it(`stand with their text: ${file}: ${content.slice(0, 30).replaceAll("\n", " ")}`, () => {
      const text = textOf(file, content);
      holdsTogether(text, term, own);
      const unit = text
        .replace(/\n\s+/g, " ")
        .split("\n")
        .find((each) => each.includes(own));
      assert.ok(unit?.includes(other) === false, text);
    });
});

describe("rows of files", () => {
  const cases: [string, string][] = [
    ["a.md", "| Name | Limit |\n|:--|--:|\n| small `a|b` | 5 |\n| **large** | 90 |\n".replace("a|b", "x")],
    [
      "a.md",
      "<table>\n<thead><tr><th>Name</th><th>Limit</th></tr></thead>\n\n<tr><td>large</td><td>90</td></tr>\n</table>\n",
    ],
    ["a.rst", "=====  =====\nName   Limit\n=====  =====\nsmall  5\nlarge  90\n=====  =====\n"],
    [
      "a.rst",
      "+-------+-------+\n| Name  | Limit |\n+=======+=======+\n| small | 5     |\n+-------+-------+\n| large | 90    |\n+-------+-------+\n",
    ],
    ["a.rst", ".. list-table::\n   :header-rows: 1\n\n   * - Name\n     - Limit\n   * - large\n     - 90\n"],
    ["a.rst", ".. csv-table:: Limits\n   :header: Name, Limit\n\n   large, 90\n"],
    ["a.adoc", "= T\n\n|===\n|Name |Limit\n\n|small |5\n|large |90\n|===\n"],
    ["a.adoc", '= T\n\n[cols="1,1",options="header"]\n|===\n|Name\n|Limit\n\n|large\n|90\n|===\n'],
    ["a.csv", "Name,Limit\nsmall,5\nlarge,90\n"],
    ["a.org", "* T\n| Name | Limit |\n|------+-------|\n| large | 90 |\n"],
    [
      "a.tex",
      "\\begin{tabular}{lr}\n\\toprule\nName & Limit \\\\\n\\midrule\nsmall & 5 \\\\ large & 90 \\\\\n\\bottomrule\n\\end{tabular}\n",
    ],
    [
      "a.tex",
      "\\begin{longtable}{|l|r|}\\hline\n\\textbf{Name} & \\textbf{Limit}\\\\\\hline\nlarge & 90\\\\\\hline\n\\end{longtable}\n",
    ],
    [
      "a.texi",
      "@multitable @columnfractions .5 .5\n@headitem Name @tab Limit\n@item small @tab 5\n@item large\n@tab 90\n@end multitable\n",
    ],
    ["a.tsv", "Name\tLimit\nlarge\t90\n"],
  ];
  for (const [file, content] of cases)
    it(`name their columns: ${file}: ${content.slice(0, 30).replaceAll("\n", " ")}`, () => {
      holdsTogether(textOf(file, content), "| Name: large | Limit: 90 |");
    });
});

describe("introductions in files", () => {
  it("is none where a note says nothing but its version", () => {
    const note =
      ".. py:data:: SOFT\n\n   Keeps.\n\n   .. versionadded:: 3.1\n\n.. py:data:: HARD\n\n   Throws.\n";
    assert.match(textOf("a.rst", note), /New in version 3\.1\.$/m);
  });
  const cases: [string, string, RegExp][] = [
    [
      "a.md",
      "This can happen, for example, if you:\n\n* use `git reset --hard` to remove\n  commits\n* amend",
      /if you:\n- use `git reset --hard` to remove\n {2}commits\n- amend/,
    ],
    [
      "a.md",
      "1. Do not:\n\n   - delete it\n   - move it\n2. Then stop",
      /1\. Do not:\n {2}- delete it\n {2}- move it\n2\. Then stop/,
    ],
    [
      "a.rst",
      "This can happen if you:\n\n* use it to remove\n  commits\n* amend\n",
      /if you:\n- use it to remove\n {2}commits\n- amend/,
    ],
    [
      "a.adoc",
      "= T\n\nThis can happen if you:\n\n * use it to remove\n   commits\n * amend\n",
      /if you:\n- use it to remove\n {2}commits\n- amend/,
    ],
    [
      "a.adoc",
      "= T\n\nNever:\n\n. delete it\n.. at night\n. move it\n",
      /Never:\n1\. delete it\n {2}1\. at night\n2\. move it/,
    ],
    [
      "a.org",
      "* T\nNever:\n- delete it\n  - at night\n- move it\n",
      /Never:\n- delete it\n {2}- at night\n- move it/,
    ],
    [
      "a.1",
      ".TH A 1\n.SH B\nNever:\n.IP \\(bu 2\ndelete it\n.IP \\(bu 2\nmove it\n",
      /Never:\n- delete it\n- move it/,
    ],
    [
      "a.xml",
      "<article><title>T</title><para>Never:</para><itemizedlist><listitem><para>delete it</para></listitem><listitem><para>move it</para></listitem></itemizedlist></article>",
      /Never:\n- delete it\n- move it/,
    ],
    [
      "a.tex",
      "Never:\n\\begin{enumerate}\n\\item delete it\n\\begin{itemize}\\item at night\\end{itemize}\n\\item move it\n\\end{enumerate}\n",
      /Never:\n1\. delete it\n {2}- at night\n2\. move it/,
    ],
    [
      "a.texi",
      "Never:\n\n@itemize @bullet\n@item\ndelete it\n@enumerate\n@item at night\n@end enumerate\n@item\nmove it\n@end itemize\n",
      /Never:\n- delete it\n {2}1\. at night\n- move it/,
    ],
    [
      "a.pod",
      "Never:\n\n=over 4\n\n=item *\n\ndelete it\n\n=item * move it\n\n=back\n",
      /Never:\n- delete it\n- move it/,
    ],
    ["a.texi", "@quotation Warning\nNever do that.\n@end quotation\n", /^Warning: Never do that\.$/],
    ["a.tex", "\\begin{theorem}[Euler]\nIt is so.\n\\end{theorem}\n", /^Theorem \(Euler\): It is so\.$/],
    ["a.md", "> [!WARNING]\n> Never do that.", /^Warning: Never do that\.$/],
    ["a.md", ":::danger Stop\nNever do that.\n:::", /^Stop: Never do that\.$/],
    ["a.md", '!!! note "Be careful"\n    Never do that.\n', /^Be careful: Never do that\.$/],
    ["a.rst", ".. warning:: Never do that.\n\n   At all.\n", /^Warning: Never do that\.\n\nAt all\.$/],
    [
      "a.rst",
      ".. deprecated:: 2.0\n   Use the other one.\n",
      /^Deprecated since version 2\.0: Use the other one\.$/,
    ],
    ["a.adoc", "= T\n\nWARNING: Never do that.\n", /Warning: Never do that\./],
    ["a.adoc", "= T\n\n[CAUTION]\n====\nNever do that.\n====\n", /Caution: Never do that\./],
  ];
  for (const [file, content, right] of cases)
    it(`stand with what they introduce: ${file}: ${content.slice(0, 30).replaceAll("\n", " ")}`, () => {
      assert.match(textOf(file, content), right);
    });
});

describe("markup of files", () => {
  const cases: [string, string, RegExp][] = [
    [
      "a.md",
      'See **`code`** and *that* [link](https://x.example/a_(b) "t"), snake_case_name, 2 * 3 * 4.',
      /^See `code` and that link, snake_case_name, 2 \* 3 \* 4\.$/,
    ],
    ["a.md", "---\ntitle: >-\n  A folded\n  title\ntags: [a]\n---\n\nText.", /^# A folded title\n\nText\.$/],
    [
      "a.md",
      "Press <kbd>Ctrl</kbd>+<kbd>C</kbd>, use <del>old</del> new<br>and List<String> or <name>.",
      /^Press Ctrl\+C, use ~~old~~ new and List<String> or <name>\.$/,
    ],
    [
      "a.md",
      "<details>\n<summary>More</summary>\n\nHidden **text**.\n\n</details>",
      /^More\n\nHidden text\.$/,
    ],
    [
      "a.md",
      "Set {{ site.name }} and {% raw %}x{% endraw %} [a][1] [b].\n\n[1]: https://x.example\n[b]: <y>",
      /^Set \{\{ site\.name \}\} and x a b\.$/,
    ],
    [
      "a.mdx",
      'import X from "x";\n\n<Tabs>\n<TabItem value="a" label="Linux">\n\nRun **it**.\n\n</TabItem>\n</Tabs>',
      /^Linux\n\nRun it\.$/,
    ],
    [
      "a.qmd",
      "::: {.callout-tip}\n## Good\nDo it.\n:::\n\n```{r}\nx <- 1\n```",
      /Tip:\n\n## Good\n\nDo it\.\n\n```r\nx <- 1\n```/,
    ],
    ["a.Rmd", "# T\n\nProse of R.", /^# T\n\nProse of R\.$/],
    ["a.md", "{ref}`the guide <guide>` and {py:func}`~a.b.load`.", /^the guide and load\.$/],
    [
      "a.rst",
      "Title\n=====\n\nSee :ref:`the guide <guide>`, :func:`~a.load`, ``x_y``, `site <https://x.example>`_ and |v|.\n\n.. |v| replace:: 1.2\n",
      /^# Title\n\nSee the guide, load, `x_y`, site and 1\.2\.$/,
    ],
    [
      "a.rst",
      ".. _first-part:\n.. _the one:\n\nThe *first* part\n================\n\nSee :ref:`first-part`, :ref:`The one`, :ref:`below <x>` and :ref:`other-page-label`.\n",
      /^# The first part\n\nSee The first part, The first part, below and other page label\.$/,
    ],
    [
      "a.adoc",
      "= Title\nA Writer <a@x.example>\n:name: Ferry\n\nUse *bold* `code` <<id,the part>>, https://x.example[site], linkgit:git-add[1] of {name}.\n",
      /^# Title\n\nUse bold `code` the part, site, git-add\(1\) of Ferry\.$/,
    ],
    [
      "a.adoc",
      "= T\n\n== A _fine_ part\n\n----\n= no heading\n----\n",
      /^# T\n\n## A fine part\n\n```\n= no heading\n```$/,
    ],
    [
      "a.org",
      "#+TITLE: Guide\n* First\nUse =code= and [[https://x.example][a link]] /now/.\n",
      /^# Guide\n\n## First\n\nUse `code` and a link now\.$/,
    ],
    [
      "a.1",
      ".TH FERRY 1\n.SH NAME\nferry \\- carries \\fBjobs\\fP\n",
      /^# ferry\(1\)\n\n## NAME\n\nferry - carries jobs$/,
    ],
    [
      "a.tex",
      "\\documentclass{article}\n\\newcommand{\\tool}{Ferry}\n\\title{The \\tool{} manual}\n\\begin{document}\n\\maketitle\n\\section{First}\\label{sec:first}\nUse \\texttt{-{}-keep} and \\emph{this}~one, ``so'' says K\\\"onig. % not shown\nSee \\ref{sec:first} and \\href{https://x.example/a\\%20b}{the site} at 50\\,\\% --- \\unknown{all of it}.\n\\end{document}\n",
      /^# The Ferry manual\n\n## First\n\nUse `--keep` and this one, “so” says König\.\nSee “First” and the site at 50 % — all of it\.$/,
    ],
    [
      "a.tex",
      "\\verb|50% {x}| and {\\bf bold} text\\\\\nin \\unknown[opt] lines.",
      /^`50% \{x\}` and bold text\nin\s+lines\.$/,
    ],
    [
      "a.texi",
      '\\input texinfo\n@settitle Guide\n@node Top\n@chapter First @code{part}\n@cindex part\nUse @samp{a--b} of @var{x}, see @ref{Second,,The second one} -- or K@"onig@dots{}\n@c not shown\n@menu\n* Second::\n@end menu\n',
      /^# First `part`\n\nUse `a--b` of x, see The second one – or König…$/,
    ],
    [
      "a.pod",
      '=encoding utf8\n\n=head1 FIRST C<part>\n\nUse B<bold>, C<< $a->{b} >>, L<the site|https://x.example> and L<perlop/"Quotes">, 1 E<lt> 2.\nX<part>\n\n=for html <b>not shown</b>\n\n=cut\n\nmy $x;\n',
      /^# FIRST `part`\n\nUse bold, `\$a->\{b\}`, the site and Quotes in perlop, 1 < 2\.$/,
    ],
    ["a.foo", "Words of an unknown kind.\n\nMore of them.", /^Words of an unknown kind\.\n\nMore of them\.$/],
    ["LICENSE", "Terms\n\nYou may.", /^Terms\n\nYou may\.$/],
    [
      "a.sgml",
      "<!doctype debiandoc system>\n<!-- not shown -->\n<book>\n<chapt> Conventions\n<p>\nSince <var/pkg/ has (<httpsite>https://x.example</>) a name.\n",
      /^Conventions\n\nSince pkg has \(https:\/\/x\.example\) a name\.$/,
    ],
    ["a.xml", "<config><a>1</a></config>", /^```xml\n<config><a>1<\/a><\/config>\n```$/],
  ];
  for (const [file, content, right] of cases)
    it(`is understood: ${file}: ${content.slice(0, 40).replaceAll("\n", " ")}`, () => {
      assert.match(textOf(file, content), right);
    });

  it("reads a notebook's cells in order, with the lines of its file", () => {
    const cells = [
      { cell_type: "markdown", metadata: {}, source: ["# Loads\n", "\n", "How a *load* is measured."] },
      {
        cell_type: "code",
        metadata: {},
        source: ["x = 1\n", "print(x)"],
        outputs: [{ output_type: "stream", text: ["1\n"] }],
      },
    ];
    const content = JSON.stringify({ cells, metadata: { language_info: { name: "python" } } }, null, 1);
    const { title, text, lines } = read("a.ipynb", content);
    assert.equal(title, "Loads");
    assert.equal(
      text,
      "# Loads\n\nHow a load is measured.\n\n```python\nx = 1\nprint(x)\n```\n\n```\n1\n```",
    );
    assert.match(content.split("\n")[(lines?.[2] ?? 0) - 1] ?? "", /is measured/);
    assert.match(content.split("\n")[(lines?.[6] ?? 0) - 1] ?? "", /print\(x\)/);
  });

  it("knows the line of the file that each line of a text is from", () => {
    const content =
      "# A\n\nOne\ntwo.\n\n- item\n  more\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n";
    const { text, lines } = read("a.md", content);
    const lineOf = (part: string): number =>
      lines?.[text.slice(0, text.indexOf(part)).split("\n").length - 1] ?? 0;
    const places = ["# A", "two.", "- item", "more", "| a: 1", "code"].map(lineOf);
    assert.deepEqual(places, [1, 4, 6, 7, 11, 14]);
  });
});

describe("the completeness of files", () => {
  it("is measured, and what is left out is named", () => {
    const { coverage, warnings } = read(
      "a.md",
      "---\ntags: secret words\n---\n# A\n\nText <!-- not shown --> here.\n",
    );
    assert.deepEqual(coverage, {
      words: 3,
      kept: 3,
      dropped: [
        { what: "front matter", words: 3 },
        { what: "comments", words: 2 },
      ],
    });
    assert.deepEqual(warnings, []);
  });

  it("counts all words of plain text and of code", () => {
    for (const file of ["a.txt", "a.py", "a.unknown"]) {
      const { coverage } = read(file, "x = load(path)\n\nAnd some words.");
      assert.equal(coverage?.kept, coverage?.words, file);
    }
  });
});

describe("what is no source", () => {
  const report =
    "---\ntitle: What is it\ndate: 2026-11-25\nengine: offline\nsession: 20261125-035330-what-is-it-a30a\n---\n\n# What is it\n\nIt is. [[1.1]](#source-1)\n";

  it("refuses a report of this program wherever it lies, and says why", () => {
    for (const file of ["docs/answer.md", "README.md", "notes/x.txt"])
      assert.throws(
        () => extractFileText(file, Buffer.from(report)),
        (error) => toResearchError(error, "bad-answer", "").message.includes("is a report of Deep Research"),
        file,
      );
    assert.match(textOf("a.md", "---\nsession: morning\n---\n\nText."), /Text/);
  });
});

describe("hostile files", () => {
  const size = 300_000;
  const texts: Record<string, string> = {
    brackets: "[".repeat(size),
    quotes: ">".repeat(size),
    "quotes in lines": "> "
      .repeat(40)
      .concat("a\n")
      .repeat(size / 100),
    "nested items": Array.from({ length: 700 }, (_, n) => `${" ".repeat(n * 2)}- a`).join("\n"),
    "nested directives": Array.from({ length: 500 }, (_, n) => `${" ".repeat(n * 3)}.. note::\n`).join("\n"),
    fences: "```a\n".repeat(size / 5),
    colons: ":::a\n".repeat(size / 5),
    backticks: Array.from({ length: 700 }, (_, n) => "`".repeat(n)).join(" "),
    comments: "<!--\n".repeat(size / 5),
    tables: "<table>\n\n".repeat(size / 9),
    tags: "<a ".repeat(size / 3),
    bars: "|".repeat(size / 2) + "\n" + "|-".repeat(size / 4),
    emphasis: "*a _b ".repeat(size / 6),
    terms: "a::\n".repeat(size / 4),
    links: "[a](".repeat(size / 4),
    braces: "\\a{@a{".repeat(size / 7),
    environments: "\\begin{a}\n".repeat(size / 10),
    "unclosed formulas": "\\(\\[\\a[$a ".repeat(size / 10),
    tabulars: "\\begin{tabular}{l}\n{&\\\\[\n".repeat(size / 26),
    commands: "@itemize\n@item\n@example\n".repeat(size / 24),
    codes: "C<< B<".repeat(size / 6),
    "nested lists": "=over\n\n=item a\n\n".repeat(size / 16),
    "comments of TeX": "\\url{a%".repeat(size / 7),
  };
  for (const [name, text] of Object.entries(texts))
    it(`are read in time, and no stack is too small: ${name}`, () => {
      for (const file of [
        "a.md",
        "a.mdx",
        "a.rst",
        "a.adoc",
        "a.org",
        "a.1",
        "a.csv",
        "a.txt",
        "a.tex",
        "a.texi",
        "a.pod",
      ]) {
        const begun = process.cpuUsage();
        assert.ok(extractFileText(file, Buffer.from(text)) !== null);
        const { user, system } = process.cpuUsage(begun);
        assert.ok(user + system < 4_000_000, `${file}: ${(user + system) / 1000} ms`);
      }
    });

  for (const tag of ["div", "span", "a", "b", "blockquote", 'div class="note"'])
    it(`are read in time: 20,000 nested and 20,000 neighbouring <${tag}>`, () => {
      const name = tag.split(" ")[0] ?? tag;
      const pages = [`<${tag}>`.repeat(20_000) + "the end", `<${tag}>x y</${name}>`.repeat(20_000)];
      for (const body of pages) {
        const begun = process.cpuUsage();
        const text = textOf("a.html", `<html><body>${body}</body></html>`);
        assert.match(text, /the end|x y/);
        const { user, system } = process.cpuUsage(begun);
        assert.ok(user + system < 6_000_000, `${(user + system) / 1000} ms`);
      }
    });
});
