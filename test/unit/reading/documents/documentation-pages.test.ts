import assert from "node:assert/strict";
import { extractArticle } from "../../../../src/reading/documents/html-article.js";

/* Pages in the markup of documentation generators: what is read must be what a reader sees. */

const PROSE =
  "<p>The server keeps each answer for an hour, and asks the origin again after that time has passed. A client that sends the header gets a fresh answer in any case.</p>";

/** A page of documentation with this main part. */
function read(inside: string, head = ""): string {
  return extractArticle(
    `<!doctype html><html><head><title>Guide — Project</title>${head}</head><body><nav><a href="/">Home</a></nav>` +
      `<main role="main"><h1 id="guide">Guide<a class="headerlink" href="#guide">¶</a></h1>${PROSE}${inside}` +
      `<h2 id="a">More<a class="headerlink" href="#a">¶</a></h2>${PROSE}<h2 id="b">End<a class="headerlink" href="#b">¶</a></h2>${PROSE}</main>` +
      `<footer>Imprint</footer></body></html>`,
    "https://docs.example.org/guide",
  ).text;
}

type Case = [name: string, html: string, right: RegExp | string, wrong?: RegExp];

function check(cases: Case[]): void {
  for (const [name, html, right, wrong] of cases) {
    it(name, () => {
      const text = read(html);
      if (typeof right === "string") assert.ok(text.includes(right), text);
      else assert.match(text, right);
      if (wrong !== undefined) assert.doesNotMatch(text, wrong);
    });
  }
}

describe("raised and lowered text of pages", () => {
  check([
    ["powers", "<p>A table has at most 2<sup>32</sup> rows.</p>", "at most 2^32 rows", /232/],
    ["negative powers", "<p>The error is 10<sup>−6</sup> at most.</p>", "is 10^-6 at most", /106/],
    [
      "variables",
      "<p>It takes O(n<sup>2</sup>) steps, or 2<sup>n+1</sup> in all.</p>",
      /O\(n\^2\) steps, or 2\^\(n\+1\)/,
    ],
    [
      "lowered digits",
      "<p>Tanks of CO<sub>2</sub> and H<sub>2</sub>O are kept.</p>",
      "Tanks of CO₂ and H₂O are kept",
    ],
    [
      "lowered letters",
      "<p>The value x<sub>i</sub> is kept for log<sub>2</sub> n rounds.</p>",
      "x_i is kept for log₂ n",
    ],
    ["ordinals", "<p>The 1<sup>st</sup> and the 19<sup>th</sup> of May.</p>", "The 1st and the 19th of May"],
    [
      "marks of Wikipedia",
      '<p>It was finished in 2019<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup> and sold.</p>',
      "finished in 2019 and sold",
    ],
    [
      "marks of Markdown footnotes",
      '<p>It was finished in 2019<sup class="footnote-ref" id="fnref1"><a href="#fn1">1</a></sup>.</p>',
      "finished in 2019.",
      /20191/,
    ],
    [
      "marks without a link, after a year",
      "<p>It was finished in 2019<sup>1</sup>.</p>",
      "finished in 2019.",
      /2019.?1/,
    ],
    [
      "marks after a word",
      "<p>The limit is documented<sup>2</sup> elsewhere.</p>",
      "is documented elsewhere",
      /documented.?2/,
    ],
    [
      "marks of Sphinx",
      '<p>Limits apply to 64 <a class="footnote-reference brackets" href="#id2" id="id1" role="doc-noteref"><span class="fn-bracket">[</span>1<span class="fn-bracket">]</span></a> rows.</p>',
      /apply to 64 +rows/,
    ],
    ["units", "<p>An area of 5 km<sup>2</sup> at 9.8 m/s<sup>2</sup>.</p>", "5 km^2 at 9.8 m/s^2"],
    ["trade marks", "<p>Runs on Windows<sup>®</sup> and Foo<sup>TM</sup>.</p>", "Windows® and Foo™"],
  ]);
});

describe("formulas of pages", () => {
  const mathml = `<math><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow><annotation encoding="application/x-tex">x^2 + 1</annotation></semantics></math>`;
  check([
    [
      "KaTeX, once",
      `<p>A polynomial of the form <span class="katex"><span class="katex-mathml">${mathml}</span><span class="katex-html" aria-hidden="true"><span class="base"><span class="mord">x</span><span class="mord">2</span></span></span></span>, the values</p>`,
      "of the form $x^2 + 1$, the values",
      /\$.*\$.*\$/,
    ],
    [
      "MathJax 2, once",
      '<p>The form <span class="MathJax_Preview">x2</span><span class="MathJax" id="MathJax-1"><span>x2</span></span><script type="math/tex" id="m1">x^2</script> holds.</p>',
      /The form +\$x\^2\$ +holds/,
      /x2/,
    ],
    [
      "MathJax 3 with MathML for assistance",
      '<p>The form <mjx-container><mjx-math aria-hidden="true"><mjx-mi></mjx-mi></mjx-math><mjx-assistive-mml><math><mfrac><mi>a</mi><mi>b</mi></mfrac></math></mjx-assistive-mml></mjx-container> holds.</p>',
      "The form a/b holds",
    ],
    [
      "Wikipedia, once",
      '<p>The form <span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: none;"><math alttext="{\\displaystyle a^{n}}"><mi>a</mi></math></span><img src="https://wikimedia.org/api/rest_v1/media/math/render/svg/1" class="mwe-math-fallback-image-inline" alt="{\\displaystyle a^{n}}"></span> holds.</p>',
      "The form $a^{n}$ holds",
    ],
    [
      "images with TeX",
      '<p>The form <img class="math" src="_images/math/1.png" alt="a^2 + b^2"/>, the values</p>',
      "The form $a^2 + b^2$, the values",
    ],
    [
      "plain MathML",
      "<p>The form <math><msup><mi>x</mi><mn>32</mn></msup><mo>=</mo><mi>y</mi></math> holds.</p>",
      "The form x^32 = y holds",
    ],
    [
      "images within a sentence",
      '<p>Press the <img src="k.png" alt="Enter key"> to go on.</p>',
      /Press the +Enter key +to go on/,
    ],
  ]);
});

describe("code of pages", () => {
  check([
    [
      "Pygments with comments, in Sphinx",
      '<div class="highlight-python notranslate"><div class="highlight"><pre><span></span><span class="c1"># keep this comment</span>\n<span class="n">run</span><span class="p">(</span><span class="mi">5</span><span class="p">)</span>\n</pre></div></div>',
      "```python\n# keep this comment\nrun(5)\n```",
    ],
    [
      "Prism with comments and line numbers",
      '<pre class="line-numbers language-js"><code class="language-js"><span class="token comment">// share this</span>\n<span class="token keyword">let</span> a<span aria-hidden="true" class="line-numbers-rows"><span></span><span></span></span></code></pre>',
      "```js\n// share this\nlet a\n```",
    ],
    [
      "highlight.js with comments",
      '<pre><code class="hljs language-bash"><span class="hljs-comment"># related: comments</span>\nls -l</code></pre>',
      "```bash\n# related: comments\nls -l\n```",
    ],
    [
      "a table with line numbers, in MkDocs Material",
      '<div class="language-yaml highlight"><table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre><span></span><span class="normal">1</span>\n<span class="normal">2</span></pre></div></td><td class="code"><div><pre><span></span><code><span class="nt">a</span>: 1\n<span class="nt">b</span>: 2\n</code></pre></div></td></tr></table></div>',
      "```yaml\na: 1\nb: 2\n```",
      /1\n2\n/,
    ],
    [
      "line numbers within the lines",
      '<div class="highlight"><pre><span class="linenos">1</span><span class="k">one</span>\n<span class="linenos">2</span><span class="k">two</span>\n</pre></div>',
      "```\none\ntwo\n```",
    ],
    [
      "Docusaurus, whose lines end in breaks",
      '<div class="language-js codeBlockContainer_x theme-code-block"><div class="codeBlockTitle_x">src/a.js</div><div class="codeBlockContent_x"><pre tabindex="0" class="prism-code language-js codeBlock_x"><code class="codeBlockLines_x"><span class="token-line" style="color:#000"><span class="token keyword">const</span><span> a</span><br></span><span class="token-line"><span>  </span><span>b()</span><br></span></code></pre><div class="buttonGroup_x"><button>Copy</button></div></div></div>',
      /src\/a\.js\n\n```js\nconst a\n {2}b\(\)\n```/,
      /Copy/,
    ],
    [
      "Starlight, whose lines are divs",
      '<div class="expressive-code"><figure class="frame"><figcaption class="header"><span class="title">astro.config.mjs</span></figcaption><pre data-language="js"><code><div class="ec-line"><div class="gutter"><div class="ln" aria-hidden="true">1</div></div><div class="code"><span>a()</span></div></div><div class="ec-line"><div class="gutter"><div class="ln" aria-hidden="true">2</div></div><div class="code">\n</div></div><div class="ec-line"><div class="code"><span class="indent">  </span><span>b()</span></div></div></code></pre><div class="copy"><button title="Copy"></button></div></figure></div>',
      "```js\na()\n\n  b()\n```",
    ],
    [
      "VitePress, with the language and numbers as elements",
      '<div class="language-ts line-numbers-mode"><button title="Copy Code" class="copy"></button><span class="lang">ts</span><pre class="shiki"><code><span class="line"><span>let a</span></span>\n<span class="line"><span>let b</span></span></code></pre><div class="line-numbers-wrapper" aria-hidden="true"><span class="line-number">1</span><br><span class="line-number">2</span><br></div></div>',
      "```ts\nlet a\nlet b\n```",
    ],
    [
      "rustdoc, with numbers as links",
      '<div class="example-wrap"><pre class="rust"><code><a href="#1" id="1" data-nosnippet>1</a><span class="kw">use</span> a;\n<a href="#2" id="2" data-nosnippet>2</a><span class="comment">// b</span></code></pre></div>',
      /use a;\n\/\/ b\n```/,
    ],
    [
      "rustdoc and highlight.js, which call digits numbers",
      '<pre class="rust"><code><span class="macro">assert_eq!</span>(<span class="number">1</span>, cmp::min(<span class="number">1</span>, <span class="number">2</span>));</code></pre>' +
        '<pre><code class="hljs">x = {\n  <span class="hljs-number">4</span>: a,\n  <span class="hljs-number">5</span>: b,\n};</code></pre>',
      /assert_eq!\(1, cmp::min\(1, 2\)\);\n```[^]*x = \{\n {2}4: a,\n {2}5: b,\n\};/,
    ],
    [
      "numbers at the start of each line, by a name that is also that of digits",
      '<pre><span class="num">7</span>one\n<span class="num">8</span>two <span class="num">3</span></pre><pre><span class="num">7</span>one\n<span class="num">8</span>two\n</pre>',
      /7one\n8two 3\n```[^]*```\none\ntwo\n```/,
    ],
    [
      "GitHub, whose lines are rows",
      '<table class="highlight tab-size js-file-line-container"><tr><td id="L1" class="blob-num js-line-number" data-line-number="1"></td><td id="LC1" class="blob-code blob-code-inner js-file-line">one</td></tr><tr><td class="blob-num" data-line-number="2"></td><td class="blob-code">  two</td></tr></table>',
      "one\n  two",
    ],
    [
      "boxes of divs, with a header",
      '<div class="code-block"><div class="code-header">bash<button>Copy</button></div><div class="code-line">npm ci</div><div class="code-line">npm test</div></div>',
      /```(?:bash)?\nnpm ci\nnpm test\n```/,
    ],
    [
      "code with fences in it",
      '<pre><code class="language-md">```js\na\n```</code></pre>',
      "````md\n```js\na\n```\n````",
    ],
    [
      "names with signs, in a sentence",
      "<p>The <code>&lt;details&gt;</code> element and <code>*args</code> are read.</p>",
      "The `<details>` element and `*args` are read",
    ],
  ]);
});

describe("sections with unlucky names", () => {
  check([
    [
      "cookies",
      '<section id="cookies"><h2>Cookies</h2><p>A cookie is set with its name.</p></section>',
      "A cookie is set with its name.",
    ],
    [
      "pagination",
      '<section id="pagination"><h2>Pagination</h2><p>Pages are numbered.</p></section>',
      "Pages are numbered.",
    ],
    [
      "comments",
      '<div class="section" id="comments"><h2>Comments</h2><p>Comments begin with a hash.</p></div>',
      "begin with a hash",
    ],
    [
      "headers",
      '<section id="response-header-fields"><h3>Header</h3><p>Each header is a line.</p></section>',
      "Each header is a line.",
    ],
    [
      "related resources",
      '<section class="level2" id="related-resources"><h2>Related resources</h2><p>Resources refer to each other.</p></section>',
      "refer to each other",
    ],
    ["sharing", '<div id="sharing"><h2>Sharing</h2><pre>share --with me</pre></div>', "share --with me"],
    [
      "tags without a heading",
      '<div class="tags"><p>A tag begins with a capital letter.</p></div>',
      "A tag begins with a capital letter.",
    ],
    [
      "code in a toolbar",
      '<div class="code-toolbar"><pre class="language-sh"><code>ls</code></pre><div class="toolbar"><div class="toolbar-item"><button>Copy</button></div></div></div>',
      "```sh\nls\n```",
      /Copy/,
    ],
  ]);
});

describe("lists of links and sentences that look like credits", () => {
  check([
    [
      "an introduced list of links",
      '<p>It supports the following databases:</p><ul><li><a href="/pg">PostgreSQL</a></li><li><a href="/my">MySQL</a></li></ul>',
      "It supports the following databases:\n- PostgreSQL\n- MySQL",
    ],
    [
      "terms that are links",
      '<dl><dt><a href="/accept">Accept</a></dt><dd>Names the types.</dd><dt><a href="/age">Age</a></dt><dd>Counts seconds.</dd></dl>',
      "- Accept: Names the types.\n- Age: Counts seconds.",
    ],
    [
      "a toctree",
      '<div class="toctree-wrapper compound"><ul><li class="toctree-l1"><a href="a.html">Installation</a></li><li class="toctree-l1"><a href="b.html">Usage</a></li></ul></div>',
      "- Installation\n- Usage",
    ],
    [
      "cards",
      '<div class="cards"><a href="/a"><h3>Deploy</h3><p>Puts it online.</p></a></div>',
      /### Deploy\n\nPuts it online\./,
    ],
    [
      "a link as a paragraph",
      '<p><a href="/limits">Limits of the free plan</a></p>',
      "Limits of the free plan",
    ],
    ["By default", "<p>By default, caching is disabled.</p>", "By default, caching is disabled."],
    ["Source files", "<p>Source files are kept in src.</p>", "Source files are kept in src."],
    ["source: a field", "<p>source: the address that the file is from</p>", "source: the address"],
    ["Copyright", "<p>Copyright headers are added by the tool.</p>", "Copyright headers are added"],
    ["Photos", "<p>Photo by photo, the album is read.</p>", "Photo by photo"],
    ["Updated", "<p>Updated records are sent again.</p>", "Updated records are sent again."],
  ]);

  it("are kept on pages that are no documentation, too", () => {
    const long = PROSE.repeat(4);
    const { text } = extractArticle(
      `<html><body><article><h1>Notes</h1><p>By default, caching is disabled.</p>${long}<p>It supports the following databases today:</p><ul><li><a href="/pg">PostgreSQL</a></li><li><a href="/my">MySQL</a></li></ul>${long}<p>Source files are kept in one place.</p></article></body></html>`,
      "https://example.org/",
    );
    for (const each of ["By default, caching", "PostgreSQL", "Source files are kept"])
      assert.ok(text.includes(each), text);
  });
});

describe("hidden alternatives of pages", () => {
  check([
    [
      "tab panels",
      '<div role="tablist"><button role="tab" aria-controls="p1">npm</button><button role="tab" aria-controls="p2">yarn</button></div><div role="tabpanel" id="p1"><p>Run npm install now.</p></div><div role="tabpanel" id="p2" hidden><p>Run yarn add now.</p></div>',
      /Run npm install now\.[^]*Run yarn add now\./,
    ],
    [
      "details",
      "<details><summary>On Windows</summary><p>Use the installer of the site.</p></details>",
      /On Windows\n\nUse the installer/,
    ],
    [
      "accordions",
      '<h3><button aria-expanded="false" aria-controls="x">Can I go back?</button></h3><div id="x" style="display:none"><p>Yes, within a week.</p></div>',
      /### Can I go back\?\n\nYes, within a week\./,
    ],
    [
      "Bootstrap panes",
      '<ul class="nav nav-tabs"><li><a data-toggle="tab" href="#win">Windows</a></li></ul><div class="tab-pane" id="win" style="display: none"><p>Open the control panel.</p></div>',
      "Open the control panel.",
    ],
    [
      "sphinx-tabs",
      '<div class="sphinx-tabs docutils"><div class="sphinx-tabs-panel" role="tabpanel" hidden="true"><p>Install it by hand.</p></div></div>',
      "Install it by hand.",
    ],
    [
      "what is hidden until it is found",
      '<div hidden="until-found"><p>The limit is nine.</p></div>',
      "The limit is nine.",
    ],
    [
      "struck text",
      "<p>Use <del>version one</del> <ins>version two</ins> of it.</p>",
      "Use ~~version one~~ version two of it",
    ],
    ["withdrawn text", "<p>It is <s>free</s> paid.</p>", "It is ~~free~~ paid"],
    [
      "dialogs stay hidden",
      '<div class="modal" style="display:none"><p>Sign in to your account.</p></div><p>Visible.</p>',
      "Visible.",
      /Sign in/,
    ],
  ]);
});

describe("terms, tables and introductions of pages", () => {
  check([
    [
      "terms of git's manual",
      '<dl><dt class="hdlist1"><code>--soft</code></dt><dd><p>Does not touch the index.</p></dd><dt class="hdlist1"><code>--hard</code></dt><dd><p>Resets the index and the tree.</p></dd></dl>',
      "- --soft: Does not touch the index.\n- --hard: Resets the index and the tree.",
    ],
    [
      "several paragraphs of a term",
      "<dl><dt>--keep</dt><dd><p>Keeps changes.</p><p>Fails otherwise.</p></dd></dl>",
      "- --keep: Keeps changes.\n  Fails otherwise.",
    ],
    [
      "Sphinx's functions",
      `<dl class="py function"><dt class="sig sig-object py" id="app.run"><span class="sig-name descname"><span class="pre">run</span></span><span class="sig-paren">(</span><em>port</em><span class="sig-paren">)</span><a class="headerlink" href="#app.run">¶</a></dt><dd><p>Starts it.</p><dl class="field-list simple"><dt class="field-odd">Parameters</dt><dd class="field-odd"><p><strong>port</strong> – the port</p></dd></dl></dd></dl>`,
      /run\(port\)\n\nStarts it\.\n\n- Parameters: port – the port/,
    ],
    [
      "rows with heads",
      "<table><thead><tr><th>Option</th><th>Default</th></tr></thead><tbody><tr><td>--retries</td><td>5</td></tr></tbody></table>",
      "| Option: --retries | Default: 5 |",
    ],
    [
      "cells over several rows",
      "<table><tr><th>Plan</th><th>Region</th><th>Limit</th></tr><tr><td rowspan=2>Free</td><td>EU</td><td>10</td></tr><tr><td>US</td><td>20</td></tr></table>",
      "| Plan: Free | Region: US | Limit: 20 |",
    ],
    [
      "heads of two rows",
      "<table><thead><tr><th rowspan=2>Plan</th><th colspan=2>Limit</th></tr><tr><th>Day</th><th>Month</th></tr></thead><tbody><tr><td>Free</td><td>10</td><td>90</td></tr></tbody></table>",
      "| Plan: Free | Limit Day: 10 | Limit Month: 90 |",
    ],
    [
      "an introduction right above its list",
      "<p>This can happen, for example, if you:</p><ul><li>use it to remove commits</li></ul>",
      "if you:\n- use it to remove commits",
    ],
    [
      "numbered steps",
      "<ol><li>Stop it.</li><li>Start it.<ol><li>Wait.</li></ol></li></ol>",
      "1. Stop it.\n2. Start it.\n  1. Wait.",
    ],
    [
      "notes",
      '<div class="admonition warning"><p class="admonition-title">Warning</p><p>It deletes all files.</p></div>',
      "Warning: It deletes all files.",
    ],
    [
      "notes of Docusaurus",
      '<div class="theme-admonition theme-admonition-note admonition_x alert alert--secondary"><div class="admonitionHeading_x"><span class="admonitionIcon_x"><svg></svg></span>note</div><div class="admonitionContent_x"><p>It is slow.</p></div></div>',
      /note: It is slow\./i,
    ],
    [
      "notes of Asciidoctor",
      '<div class="admonitionblock tip"><table><tr><td class="icon"><div class="title">Tip</div></td><td class="content"><div class="paragraph"><p>Be quick.</p></div></td></tr></table></div>',
      "Tip: Be quick.",
    ],
    [
      "notes of GitHub",
      '<div class="markdown-alert markdown-alert-caution"><p class="markdown-alert-title"><svg></svg>Caution</p><p>Keys are lost.</p></div>',
      "Caution: Keys are lost.",
    ],
  ]);
});

describe("pages that are lists or tables", () => {
  const items = (count: number): string =>
    Array.from(
      { length: count },
      (_, n) => `<li>Fixed a fault in part ${n} of the parser, which lost input.</li>`,
    ).join("");
  const page = (inside: string): { text: string; warnings: string[] } =>
    extractArticle(
      `<html><head><title>Changes</title></head><body><nav><a href="/">Home</a></nav>${inside}<footer><p>This site is run by volunteers who answer mail on weekdays, and whose work is paid for by donations from readers like you.</p></footer></body></html>`,
      "https://example.org/changes",
    );

  it("are read as a whole: a changelog in main, in a container, in nothing", () => {
    for (const [open, close] of [
      ["<main>", "</main>"],
      ['<div id="content">', "</div>"],
      ["", ""],
      ["<article>", "</article>"],
      ['<div role="main">', "</div>"],
    ]) {
      const { text } = page(
        `${open}<h1>Changelog</h1><h2>2.0</h2><ul>${items(900)}</ul><h2>1.0</h2><ul>${items(900)}</ul>${close}`,
      );
      assert.match(text, /part 899 of the parser/, open);
      assert.match(text, /## 1\.0\n\n- Fixed a fault in part 0/);
    }
  }).timeout(20_000);

  it("are read as a whole: tables of a reference", () => {
    const rows = Array.from(
      { length: 300 },
      (_, n) => `<tr><td>code-${n}</td><td>What happened is number ${n}.</td></tr>`,
    );
    for (const [open, close] of [
      ["<main>", "</main>"],
      ["", ""],
    ]) {
      const { text } = page(
        `${open}<h1>Codes</h1><table><tr><th>Code</th><th>Meaning</th></tr>${rows.join("")}</table>${close}`,
      );
      assert.match(text, /\| Code: code-299 \| Meaning: What happened is number 299\. \|/);
    }
  }).timeout(20_000);
});

describe("the main part of a page", () => {
  it("is measured: words of the part, words kept, and what was left out", () => {
    const { coverage } = extractArticle(
      `<html><head><meta name="generator" content="mkdocs-1.6"></head><body><main><h1>Guide</h1>${PROSE}<nav><a href="/x">Next page</a></nav></main></body></html>`,
      "https://docs.example.org/",
    );
    assert.ok(coverage.kept >= coverage.words * 0.98 && coverage.words > 30, JSON.stringify(coverage));
    assert.deepEqual(coverage.dropped, [{ what: "navigation", words: 2 }]);
  });

  it("may stand in the shadow tree that the page declares", () => {
    const { text } = extractArticle(
      `<html><body><my-page><template shadowrootmode="open"><main><h1>Guide</h1>${PROSE}<pre>a</pre><pre>b</pre></main></template></my-page></body></html>`,
      "https://docs.example.org/",
    );
    assert.match(text, /keeps each answer for an hour/);
  });

  it("may stand in the data for search engines alone", () => {
    const body = "The tower was finished in the spring. ".repeat(40);
    const { text } = extractArticle(
      `<html><head><script type="application/ld+json">${JSON.stringify({ "@graph": [{ "@type": "NewsArticle", articleBody: body }] })}</script></head><body><div id="app"></div></body></html>`,
      "https://news.example.org/",
    );
    assert.match(text, /^The tower was finished in the spring\./);
  });
});
