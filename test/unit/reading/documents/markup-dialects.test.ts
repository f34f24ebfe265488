import assert from "node:assert/strict";
import { extractFileText } from "../../../../src/reading/documents/extract-file-text.js";

/* What is left raw, lost or changed of a markup's rarer constructs, as the tools that write or read it know them. */

type Case = [file: string, content: string, right: string | RegExp, wrong?: RegExp];

function check(cases: Case[]): void {
  for (const [file, content, right, wrong] of cases)
    it(`${file}: ${content.slice(0, 60).replaceAll("\n", " ")}`, () => {
      const { text = "" } = extractFileText(file, Buffer.from(content)) ?? {};
      if (typeof right === "string") assert.ok(text.includes(right), text);
      else assert.match(text, right);
      if (wrong !== undefined) assert.doesNotMatch(text, wrong);
    });
}

describe("manual pages", () => {
  const page = (text: string): string =>
    `.Dd x\n.Dt KEEP 1\n.Sh NAME\n.Nm keep\n.Nd keeps\n.Sh DESCRIPTION\n${text}\n`;
  check([
    [
      "k.1",
      page("The place is\n.Sm off\n.Oo user @ Oc hostname Op : path\n.Sm on\nor none."),
      "The place is [user@]hostname[:path] or none.",
    ],
    [
      "k.1",
      page("Or\n.Sm off\n.No keep:// Oo user @ Oc hostname Op : port .\n.Sm on\nWait."),
      "Or keep://[user@]hostname[:port]. Wait.",
    ],
    [
      "k.1",
      page("Use\n.Fl a b\nor\n.Fl v ,\nbut not\n.Op Fl f Ar file | Fl -long .\nEnd."),
      "Use -a -b or -v, but not [-f file | --long]. End.",
    ],
    [
      "k.3",
      page('Call\n.Fn close "int fd" how .\nThen\n.Fo open\n.Fa "const char *path"\n.Fa "int flags"\n.Fc .'),
      /Call close\(int fd, how\)\. Then open\(const char \*path, int flags\)\./,
    ],
    ["k.1", page(".Rs\n.%A T. Example\n.%T The File\n.%D 2006\n.Re"), "T. Example, The File, 2006.", /%/],
    [
      "k.7",
      ".de FN\n\\fI\\|\\\\$1\\|\\fP\\\\$2\n..\n.ds ~ \\(ti\n.TH KEEP\\-ALL 7\n.SH FILES\nIt reads\n.FN \\*~/.keeprc ,\nif it exists.",
      "It reads ~/.keeprc, if it exists.",
      /FN|\\/,
    ],
    [
      "k.7",
      ".de Vx\n.if n \\{\\\n.B \\\\$1\n.\\}\n..\n.TH KEEP 7\n.SH X\nThe\n.Vx limit\nis nine.",
      "The limit is nine.",
      /Vx/,
    ],
    ["k.1", ".TH KEEP\\-ALL 1\n.SH NAME\nkeep", "# keep-all(1)", /\\/],
  ]);
});

describe("POD", () => {
  check([
    [
      "k.pod",
      "=head1 A\n\nThe form S<C<< $ref->{FOO} >>> and S<C<< a <=> b >>> hold.",
      "The form `$ref->{FOO}` and `a <=> b` hold.",
    ],
    ["k.pod", "=head1 A\n\nSee L<C<qE<sol>E<sol>>|/qE<sol>STRINGE<sol>> first.", "See `q//` first."],
    [
      "k.pod",
      "=head1 A\n\nUse L<the C<isa> method|UNIVERSAL/C<< $obj->isa( TYPE ) >>>.",
      "Use the `isa` method.",
      /UNIVERSAL/,
    ],
    ["k.pod", "=head1 A\n\nA chargeX<charge> of C<<< x >> 2 >>> holds.", "A charge of `x >> 2` holds."],
    ["k.pod", "=head1 A\n\nA map<K> is one of I<B<two>> kinds.", "A map<K> is one of two kinds."],
  ]);
});

describe("Org", () => {
  check([
    [
      "k.org",
      "- An item\n  #+begin_example\n  one\n#+end_example\n\nThen:\n\n#+begin_example\n,* x  y\n#+end_example\n\nEnd.",
      "```\n* x  y\n```\n\nEnd.",
    ],
    [
      "k.org",
      "Nine hold[fn:: Unless set, see [[https://x.org][the site]].] for now.",
      "Nine hold (Unless set, see the site.) for now.",
      /fn/,
    ],
    ["k.org", "Nine hold[fn:limit: Ten do not.] and five[fn:2] do.", "Nine hold (Ten do not.) and five do."],
    [
      "k.org",
      "#+MACRO: ver 9.$1\n\nSince {{{ver(7)}}} press {{{kbd(C-c C-c)}}}.",
      "Since 9.7 press C-c C-c.",
      /\{/,
    ],
    ["k.org", "If a \\le b, then x \\to y, \\pm 3, \\copy{} 2020.", "If a ≤ b, then x → y, ± 3, © 2020."],
    ["k.org", "The path \\foo and C:\\dir stay.", "The path \\foo and C:\\dir stay."],
    [
      "k.org",
      "It holds 2^{32} rows of H_{2}O and n^2 of =x^2=.",
      "It holds 2^32 rows of H₂O and n^2 of `x^2`.",
    ],
    ["k.org", "A /sparse\ntree/ is *not\nfull* yet.", "A sparse\ntree is not\nfull yet."],
    ["k.org", "Run src_sh[:eval no]{echo 1} now.", "Run `echo 1` now.", /src_sh/],
    [
      "k.org",
      "#+begin_src org\n,* Head\n,#+TITLE: x\n  ,* Item\n#+end_src",
      "```org\n* Head\n#+TITLE: x\n  * Item\n```",
    ],
    ["k.org", "Press [[kbd:][M-[]] or [[kbd:][] e]] now.", "Press M-[ or ] e now."],
    [
      "k.org",
      "A <<<radio target>>> and @@html:<b>@@bold@@html:</b>@@ text.",
      "A radio target and bold text.",
    ],
  ]);
});

describe("AsciiDoc", () => {
  check([
    [
      "k.adoc",
      "ifndef::a[]\nifdef::b[]\n:rows: 9\nendif::b[]\nendif::a[]\n\n`-p`::\n  Holds {rows}.\nifdef::b[]\n  Or ten.\nendif::b[]",
      /^- `-p`: Holds 9\.\n {2}Or ten\.$/,
    ],
    [
      "k.asc",
      "[[reset]]\n=== Reset Demystified\n(((keep, reset)))\nSee <<reset>> and <<reset,here>>.",
      "### Reset Demystified\n\nSee Reset Demystified and here.",
    ],
    ["k.asc", "-----BEGIN PGP MESSAGE-----\n\n= abc\n-----END PGP MESSAGE-----", "BEGIN PGP"],
    [
      "k.adoc",
      "= T\n\nUse javadoc:org.x.Keep[format=annotation] with configprop:keep.days[] or xref:a.adoc[the guide].",
      "Use org.x.Keep with keep.days or the guide.",
    ],
    ["k.adoc", "= T\n\nThe entry map:key[0] stays.", "The entry map:key[0] stays."],
    [
      "k.adoc",
      "= T\n\nIn xref:ROOT:safe.adoc[safe mode], see xref:pdf::index.adoc[the converter], its {url-site}/man/{v}/x[man page] and {url-site}[the site^].",
      "In safe mode, see the converter, its man page and the site.",
    ],
    [
      "k.adoc",
      "= T\n\nThe type a:std::vector[int] and {list}[0] stay.",
      "The type a:std::vector[int] and {list}[0] stay.",
    ],
    [
      "k.rst",
      "T\n=\n\nThen ``forget\n--keep-daily 7`` keeps seven.",
      "Then `forget --keep-daily 7`\nkeeps seven.",
    ],
    [
      "k.adoc",
      "= T\n\nSee https://x.org/[^], https://x.org/a[the site^] and link:b.html[,window=_blank].",
      "See https://x.org/, the site and b.html.",
      /\^|window/,
    ],
    [
      "k.adoc",
      "= T\nAda Example; Bo Example\n:url-x: https://x.org\n:rev: 9\n\nSee {url-x}[Label^] of {rev}.",
      "See Label of 9.",
      /:rev:|Ada/,
    ],
    [
      "k.adoc",
      "= T\n\nA plus (`{plus}`), {asterisk}a{asterisk} and `+` and {startsb}x{endsb}.",
      "A plus (`+`), *a* and `+` and [x].",
    ],
    [
      "k.adoc",
      "= T\n\n[source,ruby]\n----\nkeep 9\ninclude::x.rb[tags=y]\n----\n\nEnd.",
      "```ruby\nkeep 9\n```",
      /include::/,
    ],
    [
      "k.adoc",
      "= T\n\nifdef::backend[Nine hold.]\nifndef::x[Five do not.]",
      /Nine hold\.\n+Five do not\./,
      /ifn?def/,
    ],
    ["k.adoc", "= T\n\n**allow_utime=**_value_::\n  Nine hold.", "allow_utime=value: Nine hold."],
  ]);
});

describe("reStructuredText", () => {
  check([
    [
      "k.rst",
      "Use ``:ref:`limits``` or ``:doc:`` or the ``:ref:`` role of ``a_b``.",
      "Use `` :ref:`limits` `` or `:doc:` or the `:ref:` role of `a_b`.",
    ],
    ["k.rst", "It is ``x`y`` and ``2 * 3 * 4`` and :kbd:`C-c`.", "It is ``x`y`` and `2 * 3 * 4` and C-c."],
  ]);
});

describe("DocBook and other SGML", () => {
  const article =
    '<!DOCTYPE Article PUBLIC "-//OASIS//DTD DocBook V3.1//EN">\n<Article><Title>Keep</Title>\n';
  check([
    [
      "k.sgml",
      `${article}<Sect1><Title>Days</Title><Indexterm><Primary>days</primary></indexterm>\n<Para>Nine rows hold.</para></Sect1></Article>`,
      "## Days\n\nNine rows hold.",
      /primary/i,
    ],
    [
      "k.sgml",
      `${article}<Para>See <xref linkend="Limits">, below, where nine rows hold.</Para></Article>`,
      "See Limits, below, where nine rows hold.",
    ],
    ["k.sgml", `${article}<Para>A <GlossTerm>row</GlossTerm> is kept.</Para></Article>`, "A row is kept."],
    [
      "k.sgml",
      `${article}<ProgramListing><![CDATA[\n<Keep Days="9"/>\n]]></ProgramListing></Article>`,
      '<Keep Days="9"/>',
    ],
    [
      "k.xml",
      '<?xml version="1.0"?>\n<!DOCTYPE book PUBLIC "-//OASIS//DTD DocBook XML V4.2//EN" "x.dtd" [\n<!ENTITY KP "Keep-9">\n]>\n<book><title>&KP;</title><para>Nine rows&mdash;or&nbsp;ten&mdash;if a &lt; b give &false;.</para></book>',
      /^# Keep-9\n\nNine rows—or\s+?ten—if a < b give false\.$/,
    ],
    [
      "k.xml",
      "<sect2><title>Days</title><para>Nine rows hold.</para></sect2>",
      /^#+ Days\n\nNine rows hold\.$/,
    ],
    [
      "k.sgml",
      "<!doctype linuxdoc system>\n<article>\n<title>Keep\n<sect>Days\n<p>\nAsk P&auml;r &lt;par@x.org&gt; for &lsqb;9&rsqb; in &tilde;/x.",
      "Ask Pär <par@x.org> for [9] in ~/x.",
    ],
    [
      "k.sgml",
      '<!doctype linuxdoc system>\n<article>\n<title>Keep\n<author>A. Nobody\n<sect>Days<p>\nIt is one of:\n<itemize>\n<item>nine <em/rows/\n<item>ten\n</itemize>\n<sect1>Fields<label id="f">\n<p>\n<descrip>\n<tag/depth/how deep\n<tag>rows</tag>how many, see <ref id="f"\nname="Fields">\n</descrip>\n<tscreen><verb>\nkeep &lt;9&gt;\n  now\n</verb></tscreen>\n</article>',
      /^# Keep\n\n## Days\n\nIt is one of:\n- nine rows\n- ten\n\n### Fields\n\n- depth: how deep\n- rows: how many, see Fields\n\n```\nkeep <9>\n {2}now\n```$/,
      /Nobody/,
    ],
  ]);
});

describe("MediaWiki", () => {
  check([
    [
      "k.mediawiki",
      "== Days ==\nNine '''rows''' ''hold'' for [[Limits|the limit]], see [https://x.org the site] and [[Rows]].",
      "## Days\n\nNine rows hold for the limit, see the site and Rows.",
    ],
    [
      "k.mediawiki",
      "It holds 2<sup>32</sup> rows of H<sub>2</sub>O, <code>a_b</code> &ge; 3 and <tt>&lt;row&gt;</tt>.",
      "It holds 2^32 rows of H₂O, `a_b` ≥ 3 and `<row>`.",
    ],
    [
      "k.mediawiki",
      "Nine hold<ref name=\"a\">'''Why?''' Because\nten do not.</ref> and five do<ref name=\"a\" />.",
      /^Nine hold\s+and five do\.\n\nWhy\? Because\nten do not\.$/,
    ],
    [
      "k.mediawiki",
      '{| class="wikitable"\n|+ Limits\n! Option !! Default\n|-\n| depth || style="x" | 3\n|-\n| rows\n| 2<sup>9</sup>\n|}',
      /\| Option: depth \| Default: 3 \|\n\| Option: rows \| Default: 2\^9 \|/,
    ],
    [
      "k.mediawiki",
      "It is one of:\n* nine\n** deep ''nine''\n# first\n; depth : how deep\n; rows\n: how many",
      /- nine\n {2}- deep nine\n\s*1\. first\n- depth: how deep\n- rows: how many/,
    ],
    [
      "k.mediawiki",
      "<syntaxhighlight lang=\"c\">\nint '''x''' = [[9]];\n</syntaxhighlight>\n\n a  b\n c",
      "```c\nint '''x''' = [[9]];\n```\n\n```\na  b\nc\n```",
    ],
    [
      "k.mediawiki",
      "{{Infobox\n| days = 9\n}}\nNine {{lang|en|rows}} <!-- not\nthis -->hold.[[Category:Keep]]\n\n[[File:x.png|thumb|A drawing of rows]]",
      /^Nine en rows\s+hold\.\n\nA drawing of rows$/,
    ],
    ["k.wiki", "== Days ==\nNine '''rows''' hold.", "## Days\n\nNine rows hold."],
  ]);
});

describe("LaTeX and Texinfo", () => {
  check([
    [
      "k.tex",
      "\\section{Sums}\\label{s:a}\n\\section{Rows}\\label{s:b}\nSee \\cref{s:a,s:b} and \\Cref{s:other}.",
      "See “Sums”, “Rows” and other.",
    ],
    [
      "k.tex",
      "A sum\\indexdef{sum!of rows}\\index{sum} of nine.\\pagecolor{white}",
      "A sum of nine.",
      /of rows|white/,
    ],
    [
      "k.tex",
      "From \\textonehalf{} to 9\\textpercent{} \\textrightarrow{} 3\\texttimes{}4.",
      "From ½ to 9% → 3×4.",
    ],
    [
      "k.texi",
      "@node Top\n@chapter A\n\nThe numbers (@math{@dots{}, -1, 0, 1, @dots{}}) and @infinity{} hold.",
      "The numbers ($…, -1, 0, 1, …$) and infinity hold.",
    ],
  ]);
});

describe("dialects of Markdown", () => {
  check([
    [
      "k.md",
      "- An item\n  <!-- open\n\nNine hold.\n\n<!-- not\nthis -->\n\nTen do not.",
      /Nine hold\.\n\nTen do not\.$/,
    ],
    [
      "k.qmd",
      "Click ![](r.png){width=25 height=20} Render and `x`{.r} or [small]{.smallcaps}.",
      "Click  Render and `x` or small.",
      /[{}]/,
    ],
    ["k.qmd", "It holds 10^6^ rows of H~2~O, not `a^b^c`.", "It holds 10^6 rows of H₂O, not `a^b^c`."],
    ["k.qmd", "Nine hold^[Unless set by hand.] now.", "Nine hold (Unless set by hand.) now."],
    [
      "k.qmd",
      '::: {.content-visible unless-meta="tool.is_x"}\nNine hold.\n:::\n\n::: {.callout-note title="Watch out" collapse=true}\nTen do not.\n:::',
      /^Nine hold\.\n\nWatch out: Ten do not\.$/,
    ],
    [
      "k.qmd",
      '+--------+---------+\n| Option | Default |\n+========+=========+\n| depth  | 3       |\n+--------+---------+\n\n: Options {tbl-colwidths="[30,70]"}',
      /\| Option: depth \| Default: 3 \|\n\nOptions$/,
    ],
    ["k.qmd", '![](y.png){fig-alt="A diagram of 3 steps" .border}', /^A diagram of 3 steps$/],
    ["k.md", "As you go along![^a]\n\n[^a]: The note.", "As you go along!\n\nThe note."],
    ["k.md", "See [the `keep`] now.\n\n[the `keep`]:\n  https://x.org/keep", /^See the `keep` now\.$/],
    [
      "k.md",
      '{{< include _x.md >}}\n\nA {{< glossary-term "page resource" >}} is a file.\n\n{% if a %}\nNine hold.\n{% endif %}',
      /^A page resource is a file\.\n\nNine hold\.$/,
    ],
    ["k.md", 'Write `{{< ref "x" >}}` and {{ site.days }}.', 'Write `{{< ref "x" >}}` and {{ site.days }}.'],
    [
      "k.md",
      "{% highlight ruby linenos %}\ndef a_b\n  x * y * z\nend\n{% endhighlight %}",
      "```ruby\ndef a_b\n  x * y * z\nend\n```",
    ],
    [
      "k.md",
      "```rust\n{{#rustdoc_include ../x.rs:here}}\n```\n\n<<< @/snippets/x.js{2}\n\nNine hold.",
      /^Nine hold\.$/,
    ],
    [
      "k.md",
      "{% raw %}\n```liquid\n{% raw %}\n{{ page.title }}\n{% endraw %}\n```\n{% endraw %}",
      "```liquid\n{{ page.title }}\n```",
      /raw/,
    ],
    [
      "k.md",
      'Watch a <Lesson href="x">lesson on it</Lesson> of list<Row> kinds.',
      "Watch a lesson on it of list<Row> kinds.",
    ],
    [
      "k.mdx",
      "<details>\n<summary>**Opting out**</summary>\n\nNine hold.\n</details>",
      /^Opting out\n\nNine hold\.$/,
    ],
  ]);

  it("counts scripts and styles as left out", () => {
    const script = `<script setup>\n${"const kept = computed(() => data.value)\n".repeat(20)}</script>`;
    const found = extractFileText(
      "k.md",
      Buffer.from(`${script}\n\n# Limits\n\n${"Nine rows hold at most. ".repeat(12)}\n`),
    );
    assert.ok(found?.coverage !== undefined);
    assert.deepEqual(found.warnings, []);
    assert.equal(found.coverage.kept, found.coverage.words);
  });
});
