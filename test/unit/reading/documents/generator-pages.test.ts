import assert from "node:assert/strict";
import { extractArticle } from "../../../../src/reading/documents/html-article.js";
import { extractDocumentText } from "../../../../src/reading/documents/extract-text.js";
import { barePage, generatorPage, GENERATORS, type Generator } from "../../../fakes/generator-pages.js";

/* What documentation generators emit for each kind of content, in the frame of their pages. */

const URL_OF = "https://docs.example.org/guide";

type Case = [generator: Generator, html: string, right: string | RegExp, wrong?: RegExp];

function check(cases: Case[]): void {
  for (const [generator, html, right, wrong] of cases)
    it(`${generator}: ${html
      .replace(/<[^<>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 50)}`, () => {
      const { text } = extractArticle(generatorPage(generator, html), URL_OF);
      if (typeof right === "string") assert.ok(text.includes(right), text);
      else assert.match(text, right);
      if (wrong !== undefined) assert.doesNotMatch(text, wrong);
      assert.doesNotMatch(text, /Menu entry|Imprint of the site/);
    });
}

describe("frames of generators", () => {
  for (const generator of GENERATORS)
    it(`${generator}: all of the main part is read, and nothing else`, () => {
      const { text, coverage } = extractArticle(
        generatorPage(generator, "<h2>Limits</h2><ul><li>Nine at most.</li></ul><pre>limit 9</pre>"),
        URL_OF,
      );
      assert.match(text, /## Limits\n\n- Nine at most\.\n\n```\nlimit 9\n```/);
      assert.doesNotMatch(text, /Menu entry|Imprint of the site/);
      assert.ok(coverage.kept >= coverage.words * 0.98, JSON.stringify(coverage));
    });
});

describe("raised and lowered text, by generators", () => {
  check([
    ["mediawiki", '<p>There are 10<sup>80</sup> atoms,<sup id="cite_ref-a_2-0" class="reference"><a href="#cite_note-a-2"><span class="cite-bracket">[</span>2<span class="cite-bracket">]</span></a></sup> or 2<sup>265</sup>.</p>', "There are 10^80 atoms, or 2^265."],
    ["docusaurus", '<p>It began in 2019<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref="true" aria-describedby="footnote-label">1</a></sup>.</p>', "It began in 2019.", /20191/],
    ["github", '<p>At most 2<sup>16</sup>−1 ports since 2015<sup><a href="#user-content-fn-x" data-footnote-ref="">3</a></sup>.</p>', "At most 2^16−1 ports since 2015."],
    ["alabaster", '<p>It takes O(n<sup>2</sup>) steps <a class="footnote-reference brackets" href="#f1" id="id1">1</a> at most.</p>', /O\(n\^2\) steps +at most/],
    ["javadoc", '<div class="block">Values are between -2<sup>31</sup> and 2<sup>31</sup>-1, inclusive.</div>', "between -2^31 and 2^31-1, inclusive"],
    ["material", '<p>H<sub>2</sub>O boils, by note<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>, at 10<sup>5</sup> Pa.</p>', /H₂O boils, by note, at 10\^5 Pa/],
    ["stackoverflow", "<p>A double holds 2<sup>53</sup> integers; log<sub>2</sub>(x) is exact.</p>", "holds 2^53 integers; log₂(x) is exact"],
  ]); // prettier-ignore
});

describe("formulas, by generators", () => {
  const katex = (tex: string): string =>
    `<span class="katex"><span class="katex-mathml"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">${tex}</annotation></semantics></math></span><span class="katex-html" aria-hidden="true"><span class="base"><span class="mord mathnormal">x</span></span></span></span>`;
  check([
    ["docusaurus", `<p>The cost ${katex("O(n^2)")} is high.</p>`, "The cost $O(n^2)$ is high."],
    ["discourse", `<p>The cost <span class="math">${katex("a_1")}</span> is high.</p>`, /The cost \$a_1\$ is high/],
    ["rtd", '<p>The area <span class="math notranslate nohighlight">\\(\\pi r^2\\)</span> is exact.</p>', /The area (?:\$|\\\()\\pi r\^2(?:\$|\\\)) is exact/],
    ["furo", '<div class="math notranslate nohighlight">\\[e^{i\\pi} = -1\\]</div>', /e\^\{i\\pi\} = -1/],
    ["github", '<p>The form <math-renderer class="js-inline-math" style="display: inline-block">$x^2$</math-renderer> holds.</p>', "The form $x^2$ holds."],
    ["material", '<p>The form <span class="arithmatex">\\(x^2\\)</span> holds.</p>', /The form (?:\$|\\\()x\^2(?:\$|\\\)) holds/],
    ["stackoverflow", '<p>The form <span class="math-container">$x^2 + y$</span> holds.</p>', "The form $x^2 + y$ holds."],
    ["mediawiki", '<p>The form <span class="mwe-math-element mwe-math-element-inline"><span class="mwe-math-mathml-inline mwe-math-mathml-a11y" style="display: none;"><math alttext="{\\displaystyle x^{2}}"><semantics><mi>x</mi><annotation encoding="application/x-tex">{\\displaystyle x^{2}}</annotation></semantics></math></span><img src="s.svg" class="mwe-math-fallback-image-inline" aria-hidden="true" alt="{\\displaystyle x^{2}}"></span> holds.</p>', "The form $x^{2}$ holds."],
  ]); // prettier-ignore
});

describe("code, by generators", () => {
  check([
    ["alabaster", '<div class="highlight-default notranslate"><div class="highlight"><pre><span></span><span class="gp">&gt;&gt;&gt; </span><span class="n">run</span><span class="p">()</span>  <span class="c1"># related comment</span>\n<span class="go">5</span>\n</pre></div></div>', ">>> run()  # related comment\n5\n```"],
    ["furo", '<div class="literal-block-wrapper docutils container" id="id1"><div class="code-block-caption"><span class="caption-text">conf.py</span><a class="headerlink" href="#id1">¶</a></div><div class="highlight-python notranslate"><div class="highlight"><pre><span></span><span class="linenos">1</span><span class="n">a</span> <span class="o">=</span> <span class="mi">1</span>\n<span class="linenos">2</span><span class="n">b</span> <span class="o">=</span> <span class="mi">2</span>\n</pre></div></div></div>', /conf\.py\n+```python\na = 1\nb = 2\n```/],
    ["rtd", '<div class="highlight-bash notranslate"><table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre><span class="normal">1</span>\n<span class="normal">2</span></pre></div></td><td class="code"><div class="highlight"><pre><span></span>make\nmake<span class="w"> </span>install\n</pre></div></td></tr></table></div>', "```bash\nmake\nmake install\n```", /1\n2\n/],
    ["pydata", '<div class="cell docutils container"><div class="cell_input docutils container"><div class="highlight-ipython3 notranslate"><div class="highlight"><pre><span></span><span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>\n<span class="n">x</span>\n</pre></div></div></div><div class="cell_output docutils container"><div class="output text_plain highlight-myst-ansi notranslate"><div class="highlight"><pre><span></span>1\n</pre></div></div></div></div>', /```\w*\nx = 1\nx\n```\n\n```[\w-]*\n1\n```/],
    ["material", '<div class="language-python highlight"><span class="filename">app.py</span><pre><span></span><code><span id="__span-0-1"><a id="__codelineno-0-1" name="__codelineno-0-1" href="#__codelineno-0-1"></a><span class="k">def</span> <span class="nf">f</span><span class="p">():</span>\n</span><span id="__span-0-2"><a id="__codelineno-0-2" name="__codelineno-0-2" href="#__codelineno-0-2"></a>    <span class="k">pass</span>  <span class="c1"># tags: none</span>\n</span></code></pre><nav class="md-code__nav"><button class="md-code__button" title="Copy to clipboard"></button></nav></div>', /app\.py\n+```python\ndef f\(\):\n {4}pass {2}# tags: none\n```/],
    ["docusaurus", '<div class="language-diff codeBlockContainer_a theme-code-block"><div class="codeBlockContent_a"><pre tabindex="0" class="prism-code language-diff codeBlock_a"><code class="codeBlockLines_a"><span class="token-line"><span class="token deleted-sign deleted prefix deleted">-</span><span class="token deleted-sign deleted line"> old</span><br></span><span class="token-line"><span class="token inserted-sign inserted prefix inserted">+</span><span class="token inserted-sign inserted line"> new</span><br></span></code></pre><div class="buttonGroup_a"><button type="button" aria-label="Copy code to clipboard"><span>Copy</span></button></div></div></div>', "```diff\n- old\n+ new\n```", /Copy/],
    ["vitepress", '<div class="vp-code-group vp-adaptive-theme"><div class="tabs"><input type="radio" name="g" id="t1" checked><label for="t1">npm</label><input type="radio" name="g" id="t2"><label for="t2">yarn</label></div><div class="blocks"><div class="language-sh vp-adaptive-theme active"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki vp-code"><code><span class="line"><span>$</span><span> npm i</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki vp-code"><code><span class="line"><span>$</span><span> yarn add</span></span></code></pre></div></div></div>', /```sh\n\$ npm i\n```[^]*```sh\n\$ yarn add\n```/],
    ["starlight", '<div class="expressive-code"><link rel="stylesheet" href="/ec.css"><figure class="frame is-terminal not-content"><figcaption class="header"><span class="title"></span><span class="sr-only">Terminal window</span></figcaption><pre data-language="sh"><code><div class="ec-line"><div class="code"><span>npm create astro</span></div></div><div class="ec-line"><div class="code"><span># follow the comments</span></div></div></code></pre><div class="copy"><div aria-live="polite"></div><button title="Copy to clipboard" data-code="npm create astro"><div></div></button></div></figure></div>', "```sh\nnpm create astro\n# follow the comments\n```"],
    ["mdbook", '<pre><pre class="playground"><code class="language-rust edition2021"><span class="boring">#![allow(unused)]\n</span><span class="boring">fn main() {\n</span>let x = 5; // kept\n<span class="boring">}</span></code></pre></pre>', /let x = 5; \/\/ kept/],
    ["rustdoc", '<div class="example-wrap"><pre class="rust rust-example-rendered"><code><span class="kw">let </span>x = <span class="string">&quot;a&quot;</span>;\n<span class="comment">// header comment\n</span><span class="macro">assert!</span>(x);</code></pre></div>', /```(?:rust)?\nlet x = "a";\n\/\/ header comment\nassert!\(x\);\n```/],
    ["jsdoc", '<h5>Example</h5><pre class="prettyprint source linenums"><code>// credits\nload("x");</code></pre>', "```\n// credits\nload(\"x\");\n```"],
    ["typedoc", '<pre><code class="ts"><span class="hl-0">const</span><span class="hl-1"> a</span>\n<span class="hl-2">// b</span>\n</code><button type="button">Copy</button></pre>', /```ts\nconst a\n\/\/ b\n```/, /Copy/],
    ["javadoc", '<div class="block">Use:<pre><code> List&lt;String&gt; a = of();\n // sorted by\n a.sort();\n</code></pre></div>', /```\n ?List<String> a = of\(\);\n ?\/\/ sorted by\n ?a\.sort\(\);\n```/],
    ["gitbook", '<div class="group/codeblock grid"><div class="flex items-center"><div class="text-xs">app.js</div></div><pre class="overflow-auto"><code class="grid"><span class="highlight-line"><span class="highlight-line-content"><span>let a = 1</span></span>\n</span><span class="highlight-line"><span class="highlight-line-content"><span>  // b</span></span>\n</span></code></pre></div>', /```\nlet a = 1\n {2}\/\/ b\n```/],
    ["readme", '<div class="CodeTabs"><div class="CodeTabs-toolbar"><button type="button">cURL</button></div><div class="CodeTabs-inner"><pre><button class="rdmd-code-copy fa"></button><code class="rdmd-code lang-shell theme-light" data-lang="shell"><div class="cm-s-neo" data-testid="SyntaxHighlighter"><span class="cm-comment"># share</span>\ncurl <span class="cm-attribute">-X</span> GET</div></code></pre></div></div>', /```(?:shell)?\n# share\ncurl -X GET\n```/],
    ["swagger", '<div class="opblock-body"><div class="highlight-code"><pre class="example microlight" style="display: block"><span class="headerline">{</span>\n  <span>"id"</span>: <span>10</span>\n}</pre></div></div>', /```(?:json)?\n\{\n {2}"id": 10\n\}\n```/],
    ["mediawiki", '<div class="mw-highlight mw-highlight-lang-c mw-content-ltr mw-highlight-lines" dir="ltr"><pre><span></span><span class="linenos" data-line="1"></span><span class="kt">int</span><span class="w"> </span><span class="n">a</span><span class="p">;</span>\n<span class="linenos" data-line="2"></span><span class="c1">// references</span>\n</pre></div>', /```c?\nint a;\n\/\/ references\n```/],
    ["discourse", '<pre data-code-wrap="yaml"><code class="lang-yaml">a: 1\n# comments\nb: 2\n</code></pre>', "```yaml\na: 1\n# comments\nb: 2\n```"],
    ["github", '<div class="highlight highlight-source-shell notranslate position-relative overflow-auto" dir="auto"><pre>npm ci <span class="pl-c"><span class="pl-c">#</span> related</span>\nnpm t</pre><div class="zeroclipboard-container"><clipboard-copy aria-label="Copy" value="npm ci"></clipboard-copy></div></div>', /```(?:shell)?\nnpm ci # related\nnpm t\n```/],
    ["stackoverflow", '<pre class="lang-py s-code-block"><code class="hljs language-python"><span class="hljs-keyword">import</span> os\n<span class="hljs-comment"># author: me</span>\nos.sep\n</code></pre>', /```py(?:thon)?\nimport os\n# author: me\nos\.sep\n```/],
  ]); // prettier-ignore
});

describe("numbers of lines that no class names, by generators", () => {
  check([
    // Hexo's column of numbers is code in a cell of its own.
    ["jsdoc", '<figure class="highlight cpp"><table><tr><td class="gutter"><pre><span class="line">1</span><br><span class="line">2</span><br></pre></td><td class="code"><pre><span class="line">int main() {</span><br><span class="line">}</span><br></pre></td></tr></table></figure><p>Then run it.</p>', /time has passed[^\n]*\n\n```\w*\nint main\(\) \{\n\}\n```\n\nThen run it/, /\b12\b/],
    ["readme", '<pre class="flex flex-col"><div class="flex flex-row"><span class="text-end">1</span><div class="flex-1">docs/</div></div><div class="flex flex-row"><span class="text-end">2</span><div class="flex-1">└── index.md</div></div></pre>', "```\ndocs/\n└── index.md\n```"],
    // Numbers that count nothing stay.
    ["readme", '<pre><div><span>1</span> <span>apple</span></div><div><span>3</span> <span>pears</span></div></pre>', "```\n1 apple\n3 pears\n```"],
  ]); // prettier-ignore
});

describe("parts that are streamed after the page", () => {
  const prose =
    "<p>The server keeps each answer for an hour, and asks the origin again after that time has passed.</p>";
  const page = (script: string): string =>
    `<!doctype html><html><head><title>Guide</title></head><body><header>Menu entry one</header><main><h1>Guide</h1><p>It begins with this sentence, which is long enough.</p><!--$?--><template id="B:0"></template><p>Loading</p><!--/$--><h2>End</h2><p>It ends with this sentence, which is long enough.</p></main><div hidden id="S:1">${prose}<template id="P:2"></template></div><script>${script}</script><div hidden id="S:2"><pre>keep --days 45</pre></div><script>$RS("S:2","P:2")</script></body></html>`;
  for (const script of ['$RC("B:0","S:1")', '$RB=[];$RC=function(b,a){};$RC("B:0","S:1")'])
    it(`stand where the page has a place for them: ${script}`, () => {
      const { text } = extractArticle(page(script), URL_OF);
      assert.match(text, /It begins[^]*keeps each answer[^]*keep --days 45[^]*It ends/);
    });

  it("are read where no script names their place", () =>
    assert.match(
      extractArticle(
        `<body><main>${prose}</main><div hidden id="S:9">${prose.repeat(9)}<p>Last of all.</p></div></body>`,
        URL_OF,
      ).text,
      /Last of all/,
    ));

  it("may not stand within themselves", () =>
    assert.match(
      extractArticle(`<body><div hidden id="S:0">${prose}<template id="B:0"></template></div></body>`, URL_OF)
        .text,
      /keeps each answer/,
    ));
});

describe("an article beside the main part", () => {
  it("is not taken for it", () => {
    const note = (n: number): string =>
      `<p><sup>${n}</sup> This is a change of the configuration rather than of a parameter, so images will be processed at higher fidelity, automatically.</p>`;
    const { text } = extractArticle(
      `<body><article><h1>Update</h1><p>This release includes several improvements.</p><ul><li>The system now processes images at up to 4096 pixels.</li><li>Testing showed that it is more exact.</li></ul></article><div class="page-wrapper"><div class="x__footnotes"><h4>Footnotes</h4>${note(1)}${note(2)}</div></div></body>`,
      URL_OF,
    );
    assert.match(text, /4096 pixels/);
  });
});

describe("sections with unlucky names, by generators", () => {
  check([
    ["furo", '<section id="footer-and-header"><h2>Footer and header<a class="headerlink" href="#footer-and-header">¶</a></h2><p>Both are set in the theme.</p></section>', "Both are set in the theme."],
    ["pydata", '<section id="related-pages"><h2>Related pages</h2><p>A page names its neighbours.</p></section>', "names its neighbours"],
    ["material", '<h2 id="social-share">Social share</h2><div class="admonition share"><p class="admonition-title">Share</p><p>Set the card.</p></div>', /Share: Set the card\./],
    ["docusaurus", '<section class="section-comments"><h2 class="anchor" id="comments">Comments<a href="#comments" class="hash-link">​</a></h2><p>Comments are kept.</p></section>', "Comments are kept."],
    ["vitepress", '<div id="sponsors"><h2 id="sponsors-1" tabindex="-1">Sponsors <a class="header-anchor" href="#sponsors-1">​</a></h2><p>A sponsor is a field.</p></div>', "A sponsor is a field."],
    ["javadoc", '<section class="author-details" id="author"><h2>Author</h2><p>The author is the last writer.</p></section>', "The author is the last writer."],
    ["swagger", '<div class="opblock-tag-section is-open"><h3 id="operations-tag-cookies" class="opblock-tag"><a class="nostyle"><span>cookies</span></a></h3><div><p>Reads a cookie by name.</p></div></div>', "Reads a cookie by name."],
    ["mediawiki", '<div class="mw-heading mw-heading2"><h2 id="Navigation">Navigation</h2></div><p>Ships use it.</p><div role="note" class="hatnote navigation-not-searchable">See the other article.</div>', /## Navigation\n\nShips use it\./],
  ]); // prettier-ignore
});

describe("lists of links and terms that are links, by generators", () => {
  check([
    ["alabaster", '<p>It supports the following databases:</p><ul class="simple"><li><p><a class="reference internal" href="pg.html"><span class="doc">PostgreSQL</span></a></p></li><li><p><a class="reference internal" href="my.html"><span class="doc">MySQL</span></a></p></li></ul>', "following databases:\n- PostgreSQL\n- MySQL"],
    ["rtd", '<div class="toctree-wrapper compound"><p class="caption" role="heading"><span class="caption-text">Topics</span></p><ul><li class="toctree-l1"><a class="reference internal" href="a.html">Install it</a></li></ul></div>', /Topics\n+- Install it/],
    ["docusaurus", '<section class="row list_x"><article class="col col--6"><a class="card padding--lg cardContainer_x" href="/a"><h2 class="text--truncate cardTitle_x" title="Deploy">Deploy</h2><p class="text--truncate cardDescription_x">Put it online.</p></a></article></section>', /Deploy\n\nPut it online\./],
    ["mdbook", '<p>Next steps:</p><ul><li><a href="ch02.html">Ownership</a></li><li><a href="ch03.html">Traits</a></li></ul>', "Next steps:\n- Ownership\n- Traits"],
    ["rustdoc", '<h2 id="structs" class="section-header">Structs</h2><ul class="item-table"><li><div class="item-name"><a class="struct" href="s.html">HashMap</a></div><div class="desc docblock-short">A hash map.</div></li></ul>', /HashMap[\s:]+A hash map\./],
    ["javadoc", '<dl class="notes"><dt>All Implemented Interfaces:</dt><dd><code><a href="C.html">Closeable</a></code>, <code><a href="S.html">Serializable</a></code></dd></dl>', /All Implemented Interfaces:? ?:? ?`?Closeable`?, `?Serializable`?/],
    ["mediawiki", '<p>Members are:</p><ul><li><a href="/wiki/A">Austria</a></li><li><a href="/wiki/B">Belgium</a></li></ul>', "Members are:\n- Austria\n- Belgium"],
    ["typedoc", '<section class="tsd-panel-group tsd-index-group"><h3 class="tsd-index-heading">Functions</h3><div class="tsd-index-list"><a href="f.html" class="tsd-index-link"><span>open<wbr>Session</span></a><a href="g.html" class="tsd-index-link"><span>close</span></a></div></section>', /openSession[^]*close/],
  ]); // prettier-ignore
});

describe("sentences that look like credits, by generators", () => {
  check([
    ["furo", "<p>By Default, the cache is off.</p>", "By Default, the cache is off."],
    ["material", "<p>Source files are read from src.</p><p>Copyright headers are added.</p>", /Source files are read from src\.\n\nCopyright headers are added\./],
    ["docusaurus", "<p>Posted by the client, the body is parsed.</p>", "Posted by the client, the body is parsed."],
    ["vitepress", "<p>Updated values are sent again.</p><p>Share this folder with the container.</p>", /Updated values are sent again\.\n\nShare this folder/],
    ["github", "<p>By Apache convention, logs rotate.</p><p>source: the address of the file</p>", /By Apache convention, logs rotate\.\n\nsource: the address/],
    ["mdbook", "<p>Photo by photo, it is read.</p><p>Subscribe to the topic first.</p>", /Photo by photo, it is read\.\n\nSubscribe to the topic first\./],
  ]); // prettier-ignore
});

describe("hidden alternatives, by generators", () => {
  check([
    ["docusaurus", '<div class="theme-tabs-container tabs-container tabList_x"><ul role="tablist" class="tabs"><li role="tab" tabindex="0" aria-selected="true" class="tabs__item">Linux</li><li role="tab" tabindex="-1" class="tabs__item">Windows</li></ul><div class="margin-top--md"><div role="tabpanel" class="tabItem_x"><p>Run apt now.</p></div><div role="tabpanel" class="tabItem_x" hidden=""><p>Run winget now.</p></div></div></div>', /Run apt now\.[^]*Run winget now\./],
    ["material", '<div class="tabbed-set tabbed-alternate" data-tabs="1:2"><input checked id="a" name="a" type="radio"><input id="b" name="a" type="radio"><div class="tabbed-labels"><label for="a">Linux</label><label for="b">Windows</label></div><div class="tabbed-content"><div class="tabbed-block"><p>Run apt now.</p></div><div class="tabbed-block"><p>Run winget now.</p></div></div></div>', /Run apt now\.[^]*Run winget now\./],
    ["pydata", '<div class="sd-tab-set docutils"><input checked="checked" id="sd-tab-item-0" name="s" type="radio"><label class="sd-tab-label" for="sd-tab-item-0">conda</label><div class="sd-tab-content docutils"><p class="sd-card-text">Use conda here.</p></div><input id="sd-tab-item-1" name="s" type="radio"><label class="sd-tab-label" for="sd-tab-item-1">pip</label><div class="sd-tab-content docutils" style="display:none"><p>Use pip here.</p></div></div>', /Use conda here\.[^]*Use pip here\./],
    ["starlight", '<starlight-tabs><div class="tablist-wrapper not-content"><ul role="tablist"><li role="presentation" class="tab"><a role="tab" href="#p1" aria-selected="true">npm</a></li><li role="presentation" class="tab"><a role="tab" href="#p2">pnpm</a></li></ul></div><div id="p1" role="tabpanel"><p>With npm.</p></div><div id="p2" role="tabpanel" hidden><p>With pnpm.</p></div></starlight-tabs>', /With npm\.[^]*With pnpm\./],
    ["github", "<details><summary>More options</summary><p>The limit is nine.</p></details>", /More options\n\nThe limit is nine\./],
    ["rustdoc", '<details class="toggle method-toggle"><summary><section id="method.len" class="method"><h4 class="code-header">pub fn <a href="#method.len" class="fn">len</a>(&amp;self) -&gt; usize</h4></section></summary><div class="docblock"><p>Returns the number.</p></div></details>', /pub fn len\(&self\) -> usize[^]*Returns the number\./],
    ["gitbook", '<details class="group/expandable"><summary class="cursor-pointer"><div class="flex-1">Why so slow?</div></summary><div class="hidden group-open/expandable:block"><p>The cache was cold.</p></div></details>', /Why so slow\?[^]*The cache was cold\./],
    ["discourse", "<p>The limit is <s>five</s> nine.</p>", "The limit is ~~five~~ nine."],
    ["swagger", '<div class="opblock opblock-get"><div class="opblock-summary"><button aria-expanded="false" class="opblock-summary-control"><span class="opblock-summary-method">GET</span><span class="opblock-summary-path" data-path="/pets"><a class="nostyle"><span>/pets</span></a></span><div class="opblock-summary-description">Lists all pets</div></button></div></div>', /\/pets[^]*Lists all pets/],
  ]); // prettier-ignore
});

describe("names of tabs, by generators", () => {
  const tabs = (list: string, panels: string): string => `${list}${panels}<h2>After</h2>`;
  const right = /npm:\n+```\w*\nnpm i keep\n```\n\nYarn:\n+```\w*\nyarn add keep\n```\n\n## After/;
  const cases: [Generator, string][] = [
    ["starlight", tabs('<starlight-tabs><div class="tablist-wrapper not-content"><ul role="tablist"><li role="presentation" class="tab"><a role="tab" href="#tab-panel-0" id="tab-0" aria-selected="true">npm</a></li><li role="presentation" class="tab"><a role="tab" href="#tab-panel-1" id="tab-1" aria-selected="false">Yarn</a></li></ul></div>', '<div id="tab-panel-0" aria-labelledby="tab-0" role="tabpanel"><pre>npm i keep</pre></div><div id="tab-panel-1" aria-labelledby="tab-1" role="tabpanel" hidden><pre>yarn add keep</pre></div></starlight-tabs>')],
    ["docusaurus", tabs('<div class="theme-tabs-container tabs-container"><ul role="tablist" aria-orientation="horizontal" class="tabs"><li role="tab" tabindex="0" aria-selected="true" class="tabs__item tabItem_x">npm</li><li role="tab" tabindex="-1" class="tabs__item tabItem_x">Yarn</li></ul>', '<div class="margin-top--md"><div role="tabpanel" class="tabItem_y"><pre>npm i keep</pre></div><div role="tabpanel" class="tabItem_y" hidden=""><pre>yarn add keep</pre></div></div></div>')],
    ["material", tabs('<div class="tabbed-set tabbed-alternate" data-tabs="1:2"><input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio"><input id="__tabbed_1_2" name="__tabbed_1" type="radio"><div class="tabbed-labels"><label for="__tabbed_1_1">npm</label><label for="__tabbed_1_2">Yarn</label></div>', '<div class="tabbed-content"><div class="tabbed-block"><pre>npm i keep</pre></div><div class="tabbed-block"><pre>yarn add keep</pre></div></div></div>')],
    ["material", '<div class="tabbed-set" data-tabs="1:2"><input id="t1" name="t" type="radio"><label for="t1">npm</label><div class="tabbed-content"><pre>npm i keep</pre></div><input id="t2" name="t" type="radio"><label for="t2">Yarn</label><div class="tabbed-content"><pre>yarn add keep</pre></div></div><h2>After</h2>'],
    ["furo", '<div class="sd-tab-set docutils"><input checked="checked" id="s0" name="s" type="radio"><label class="sd-tab-label" for="s0">npm</label><div class="sd-tab-content docutils"><pre>npm i keep</pre></div><input id="s1" name="s" type="radio"><label class="sd-tab-label" for="s1">Yarn</label><div class="sd-tab-content docutils"><pre>yarn add keep</pre></div></div><h2>After</h2>'],
    ["rtd", tabs('<div class="sphinx-tabs docutils container"><div aria-label="Tabbed content" class="closeable" role="tablist"><button aria-controls="panel-0-0" aria-selected="true" class="sphinx-tabs-tab" id="tab-0-0" role="tab">npm</button><button aria-controls="panel-0-1" aria-selected="false" class="sphinx-tabs-tab" id="tab-0-1" role="tab">Yarn</button></div>', '<div aria-labelledby="tab-0-0" class="sphinx-tabs-panel" id="panel-0-0" role="tabpanel"><pre>npm i keep</pre></div><div aria-labelledby="tab-0-1" class="sphinx-tabs-panel" hidden="true" id="panel-0-1" role="tabpanel"><pre>yarn add keep</pre></div></div>')],
    ["vitepress", tabs('<div class="vp-code-group vp-adaptive-theme"><div class="tabs"><input type="radio" name="g" id="g1" checked><label data-title="npm" for="g1">npm</label><input type="radio" name="g" id="g2"><label data-title="Yarn" for="g2">Yarn</label></div>', '<div class="blocks"><div class="language-sh vp-adaptive-theme active"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki"><code><span class="line">npm i keep</span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki"><code><span class="line">yarn add keep</span></code></pre></div></div></div>')],
    ["readme", tabs('<div class="CodeTabs CodeTabs_initial theme-light"><div class="CodeTabs-toolbar"><button type="button" value="sh">npm</button><button type="button" value="sh">Yarn</button></div>', '<div class="CodeTabs-inner"><pre><code class="rdmd-code lang-sh theme-light" data-lang="sh" name="npm">npm i keep</code></pre><pre><code class="rdmd-code lang-sh theme-light" data-lang="sh" name="Yarn">yarn add keep</code></pre></div></div>')],
    ["gitbook", tabs('<div class="rounded-lg"><div role="tablist" aria-orientation="horizontal" class="flex"><button role="tab" aria-selected="true" aria-controls="tabpanel-1" id="tab-1">npm</button><button role="tab" aria-selected="false" aria-controls="tabpanel-2" id="tab-2">Yarn</button></div>', '<div role="tabpanel" id="tabpanel-1" aria-labelledby="tab-1"><pre>npm i keep</pre></div><div role="tabpanel" id="tabpanel-2" aria-labelledby="tab-2" class="hidden"><pre>yarn add keep</pre></div></div>')],
    ["mediawiki", tabs('<ul class="nav nav-tabs"><li class="active"><a data-toggle="tab" href="#n">npm</a></li><li><a data-toggle="tab" href="#y">Yarn</a></li></ul>', '<div class="tab-content"><div class="tab-pane active" id="n"><pre>npm i keep</pre></div><div class="tab-pane" id="y"><pre>yarn add keep</pre></div></div>')],
  ]; // prettier-ignore
  check(cases.map(([generator, html]): Case => [generator, html, right]));

  const panel = (label: string, inside: string): string =>
    `<div role="tabpanel" aria-label="${label}">${inside}</div>`;
  const list = (...names: string[]): string =>
    `<ul role="tablist">${names.map((name) => `<li role="tab">${name}</li>`).join("")}</ul>`;
  check([
    // Tabs within tabs.
    ["docusaurus", `${list("Linux", "macOS")}<div>${panel("a", `${list("apt", "dnf")}<div>${panel("b", "<p>Ask apt.</p>")}${panel("c", "<p>Ask dnf.</p>")}</div>`)}${panel("d", "<p>Ask brew.</p>")}</div>`, /Linux:\s+apt:\s+Ask apt\.\s+dnf:\s+Ask dnf\.\s+macOS:\s+Ask brew\./],
    // A panel that the page does not hold.
    ["docusaurus", '<div role="tablist"><button role="tab" id="u1">npm</button><button role="tab" id="u2">pnpm</button></div><div role="tabpanel" aria-labelledby="u1"><pre>npm i keep</pre></div><span role="tabpanel" aria-labelledby="u2" style="position:fixed"></span>', /npm:\n+```\nnpm i keep\n```/, /pnpm/],
    // The list of a page's own views has no panels.
    ["starlight", '<div class="sl-heading-wrapper level-h2"><h2 id="limits">Limits</h2><a class="sl-anchor-link" href="#limits"><span aria-hidden="true" class="sl-anchor-icon"></span><span class="sr-only">Section titled “Limits”</span></a></div><p>Nine at most.</p>', /## Limits\n\nNine at most/, /titled/],
    ["github", '<ul role="tablist"><li role="tab">Only the first one counts</li></ul><p>Read the other one.</p>', /Only the first one counts[^]*Read the other one/],
  ]); // prettier-ignore
});

describe("terms and their texts, by generators", () => {
  check([
    ["alabaster", '<dl class="std option"><dt class="sig sig-object std" id="cmdoption-soft"><span id="cmdoption-s"></span><span class="sig-name descname"><span class="pre">--soft</span></span><span class="sig-prename descclassname"></span><a class="headerlink" href="#cmdoption-soft">¶</a></dt><dd><p>Keeps the index.</p></dd></dl><dl class="std option"><dt class="sig sig-object std" id="cmdoption-hard"><span class="sig-name descname"><span class="pre">--hard</span></span><a class="headerlink" href="#cmdoption-hard">¶</a></dt><dd><p>Throws changes away.</p></dd></dl>', /--soft: Keeps the index\.\n+- --hard: Throws changes away\./],
    ["furo", '<dl class="py data"><dt class="sig sig-object py" id="a.HARD"><span class="sig-prename descclassname"><span class="pre">a.</span></span><span class="sig-name descname"><span class="pre">HARD</span></span><em class="property"><span class="w"> </span><span class="p"><span class="pre">=</span></span><span class="w"> </span><span class="pre">1</span></em></dt><dd><p>Throws changes away.</p></dd></dl>', /a\.HARD ?= ?1: Throws changes away\./],
    ["javadoc", '<section class="method-details"><dl class="notes"><dt>Parameters:</dt><dd><code>n</code> - the number of rows</dd><dt>Throws:</dt><dd><code>IOException</code> - if it fails</dd></dl></section>', /Parameters: `?n`? - the number of rows\n- Throws: `?IOException`? - if it fails/],
    ["jsdoc", '<table class="params"><thead><tr><th>Name</th><th>Type</th><th class="last">Description</th></tr></thead><tbody><tr><td class="name"><code>port</code></td><td class="type"><span class="param-type">number</span></td><td class="description last"><p>Where it listens.</p></td></tr></tbody></table>', /\| Name: `?port`? \| Type: number \| Description: Where it listens\. \|/],
    ["swagger", '<table class="parameters"><thead><tr class="response-header"><td class="col_header response-col_status">Code</td><td class="col_header response-col_description">Description</td></tr></thead><tbody><tr class="response"><td class="response-col_status">404</td><td class="response-col_description"><div class="markdown"><p>Pet not found</p></div></td></tr></tbody></table>', /\| (?:Code: )?404 \| (?:Description: )?Pet not found \|/],
    ["readme", '<div class="rdmd-table"><div class="rdmd-table-inner"><table><thead><tr><th>Option</th><th>Default</th></tr></thead><tbody><tr><td><code>retries</code></td><td>5</td></tr></tbody></table></div></div>', /\| Option: `?retries`? \| Default: 5 \|/],
    ["mediawiki", "<dl><dt>Soft</dt><dd>Keeps the index.</dd><dt>Hard</dt><dd>Throws changes away.</dd></dl>", "- Soft: Keeps the index.\n- Hard: Throws changes away."],
    ["material", "<dl><dt><code>hard</code></dt><dd><p>Throws changes away.</p></dd></dl>", /- `?hard`?: Throws changes away\./],
  ]); // prettier-ignore
});

describe("introductions, by generators", () => {
  check([
    ["alabaster", '<p>This can happen, for example, if you:</p><ul class="simple"><li><p>use it to remove commits</p></li><li><p>amend</p></li></ul>', "if you:\n- use it to remove commits\n- amend"],
    ["docusaurus", '<p>Never do this:</p><ol><li>Delete it.<ul><li>Not at night.</li></ul></li><li>Move it.</li></ol>', "Never do this:\n1. Delete it.\n  - Not at night.\n2. Move it."],
    ["material", '<div class="admonition danger"><p class="admonition-title">Danger</p><p>Never:</p><ul><li>delete it</li></ul></div>', /Danger: Never:\n- delete it/],
    ["github", '<div class="markdown-alert markdown-alert-warning" dir="auto"><p class="markdown-alert-title" dir="auto"><svg class="octicon"></svg>Warning</p><p dir="auto">It deletes all files.</p></div>', "Warning: It deletes all files."],
    ["vitepress", '<div class="danger custom-block"><p class="custom-block-title">STOP</p><p>It deletes all files.</p></div>', /STOP: It deletes all files\./],
    ["starlight", '<aside aria-label="Caution" class="starlight-aside starlight-aside--caution"><p class="starlight-aside__title" aria-hidden="true"><svg></svg>Caution</p><div class="starlight-aside__content"><p>It deletes all files.</p></div></aside>', "Caution: It deletes all files."],
    ["gitbook", '<div class="hint flex"><div class="size-5"><svg></svg></div><div class="flex-1"><p>It deletes all files, if you:</p><ul><li>run it as root</li></ul></div></div>', "if you:\n- run it as root"],
    ["rtd", '<div class="admonition-removed admonition"><p class="admonition-title">Removed</p><p>Gone since 2.0.</p></div><div class="deprecated"><p><span class="versionmodified deprecated">Deprecated since version 1.9: </span>Use the other.</p></div>', /Removed: Gone since 2\.0\.[^]*Deprecated since version 1\.9: Use the other\./],
  ]); // prettier-ignore
});

describe("pages that are lists or tables, by generators", () => {
  const items = Array.from({ length: 400 }, (_, n) => `<li><p>Fixed fault ${n} in the parser.</p></li>`).join(
    "",
  );
  const rows = Array.from(
    { length: 200 },
    (_, n) => `<tr><td>E${n}</td><td>What went wrong is ${n}.</td></tr>`,
  );
  const pages: [Generator, string, RegExp][] = [
    ["alabaster", `<h1>Changelog</h1><h2>2.0</h2><ul class="simple">${items}</ul>`, /fault 399 in the parser/],
    ["material", `<h1>Changelog</h1><h2>2.0</h2><ul>${items}</ul>`, /fault 399 in the parser/],
    ["github", `<h1>Changelog</h1><h2>2.0</h2><ul dir="auto">${items}</ul>`, /fault 399 in the parser/],
    ["docusaurus", `<h1>Errors</h1><table><thead><tr><th>Code</th><th>Text</th></tr></thead><tbody>${rows.join("")}</tbody></table>`, /\| Code: E199 \| Text: What went wrong is 199\. \|/],
    ["jsdoc", `<h1>Errors</h1><table><tr><th>Code</th><th>Text</th></tr>${rows.join("")}</table>`, /E199[^\n]*What went wrong is 199/],
    ["mediawiki", `<h1>Errors</h1><table class="wikitable sortable"><tbody><tr><th>Code</th><th>Text</th></tr>${rows.join("")}</tbody></table>`, /\| Code: E199 \| Text: What went wrong is 199\. \|/],
    ["javadoc", `<h1>Constants</h1><div class="summary-table three-column-summary">${rows.map((_, n) => `<div class="col-first"><code>E${n}</code></div><div class="col-last"><code>${n * 7}</code></div>`).join("")}</div>`, /E199[^]{0,20}1393/],
  ]; // prettier-ignore
  for (const [generator, inside, right] of pages)
    it(`${generator}: ${inside.slice(4, 20).replace(/<.*/, "")}`, () => {
      const { text, coverage } = extractArticle(barePage(generator, inside), URL_OF);
      assert.match(text, right);
      assert.ok(coverage.kept >= coverage.words * 0.98, JSON.stringify(coverage));
      assert.doesNotMatch(text, /Menu entry|Imprint of the site/);
    });
});

describe("what is no content, by generators", () => {
  const read = (content: string | Buffer, type = "text/html", address = URL_OF) =>
    extractDocumentText({ bytes: Buffer.from(content), type, charset: null, address });
  const shell = (body: string, head = ""): string =>
    `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;

  const leading: [string, string, string][] = [
    ["Sphinx's reredirects", shell("", '<meta http-equiv="refresh" content="0; url=new/page.html">'), "https://docs.example.org/new/page.html"],
    ["mkdocs-redirects", shell('You are being redirected to <a href="../new/">../new/</a>.', '<title>Redirecting...</title><link rel="canonical" href="../new/"><meta http-equiv="refresh" content="0; url=../new/">'), "https://docs.example.org/new/"],
    ["rustdoc", '<!DOCTYPE html><html lang="en"><head><meta http-equiv="refresh" content="0;URL=enum.Ordering.html"><title>Redirection</title></head><body><p>Redirecting to <a href="enum.Ordering.html">enum.Ordering.html</a>...</p></body></html>', "https://docs.example.org/enum.Ordering.html"],
    ["Docusaurus", shell("", '<meta http-equiv="refresh" content="0; url=/docs/intro"><link rel="canonical" href="/docs/intro">'), "https://docs.example.org/docs/intro"],
    ["javadoc's index", shell('<main role="main"><noscript><p>JavaScript is disabled on your browser.</p></noscript><p><a href="overview-summary.html">overview-summary.html</a></p></main>', '<meta http-equiv="Refresh" content="0;overview-summary.html">'), "https://docs.example.org/overview-summary.html"],
  ]; // prettier-ignore
  for (const [name, html, target] of leading)
    it(`a page that leads on is followed: ${name}`, async () =>
      assert.equal((await read(html)).redirect, target));

  const refused: [string, string | Buffer, string, RegExp][] = [
    ["Docusaurus's soft 404", generatorFrame("<h1>Page Not Found</h1><p>We could not find what you were looking for.</p><p>Please contact the owner of the site that linked you to the original URL and let them know their link is broken.</p>", "Page Not Found"), "text/html", /not found/],
    ["VitePress's soft 404", shell('<div class="NotFound"><p class="code">404</p><h1 class="title">PAGE NOT FOUND</h1><blockquote class="quote">But if you don\'t change your direction, you may end up where you are heading.</blockquote></div>', "<title>404 | Project</title>"), "text/html", /not found/],
    ["a sign-in page of Confluence", shell('<main><h1>Log in to continue</h1><form><label>Username</label><input name="u"><label>Password</label><input type="password"></form></main>', "<title>Log In - Confluence</title>"), "text/html", /form to sign in/],
    ["Docsify's shell", shell('<div id="app">Loading ...</div><script src="//cdn.example/docsify.js"></script>', "<title>Docs</title>"), "text/html", /contains no text/],
    ["Swagger UI's shell", shell('<div id="swagger-ui"></div><script>SwaggerUIBundle({url:"x"})</script>', "<title>Swagger UI</title>"), "text/html", /contains no text/],
    ["Create React App's shell", shell('<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>'), "text/html", /JavaScript/],
    ["random bytes", Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919 + (n >> 3) * 104729) % 256)), "text/html", /is not text/],
  ]; // prettier-ignore
  for (const [name, content, type, why] of refused)
    it(`is named: ${name}`, () => assert.rejects(read(content, type), { message: why }));

  it("is named: the pointer of a large file", () =>
    assert.rejects(
      read(
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
        "text/plain",
      ),
      { message: /large file/ },
    ));

  for (const type of [
    "application/yaml",
    "application/toml",
    "binary/octet-stream",
    "application/octet-stream",
    "application/x-sh",
  ])
    it(`a text is read whatever its label says: ${type}`, async () =>
      assert.match(
        (await read("limit: 9 # rows\n", type, "https://docs.example.org/limits.yaml")).text,
        /limit: 9/,
      ));
});

/** A page of Docusaurus with this title. */
function generatorFrame(inside: string, title: string): string {
  return barePage("docusaurus", inside).replace("<title>Guide</title>", `<title>${title}</title>`);
}

describe("numbers, options and rows, by generators", () => {
  check([
    [
      "rtd",
      '<table class="docutils align-default"><thead><tr class="row-odd"><th class="head"><p>Name</p></th><th class="head"><p>Limit</p></th></tr></thead><tbody><tr class="row-even"><td><p><code class="docutils literal notranslate"><span class="pre">rows</span></code></p></td><td><p>2<sup>16</sup></p></td></tr></tbody></table>',
      /\| Name: `?rows`? \| Limit: 2\^16 \|/,
    ],
    [
      "vitepress",
      "<p>It takes 10<sup>-3</sup> seconds for 5 × 10<sup>6</sup> rows.</p>",
      "It takes 10^-3 seconds for 5 × 10^6 rows.",
    ],
    [
      "starlight",
      '<dl><dt id="depth"><code dir="auto">depth</code> <a class="sl-anchor-link" href="#depth"><span aria-hidden="true" class="sl-anchor-icon"></span></a></dt><dd>How deep it goes, 3 unless set.</dd></dl>',
      /`?depth`?: How deep it goes, 3 unless set\./,
    ],
    [
      "starlight",
      '<div class="table-wrapper"><table><thead><tr><th>Flag</th><th>Since</th></tr></thead><tbody><tr><td><code dir="auto">--no-verify</code></td><td>2.9</td></tr></tbody></table></div>',
      /\| Flag: `?--no-verify`? \| Since: 2\.9 \|/,
    ],
    [
      "mdbook",
      '<dl><dt id="option-a"><a class="option-anchor" href="#option-a"><code>-p</code> <em>spec</em>…</a></dt><dd><p>Does not build others.</p></dd></dl>',
      /-p`? spec…: Does not build others\./,
    ],
    [
      "mdbook",
      "<p>An index is at most 2<sup>63</sup> − 1, never negative.</p>",
      "An index is at most 2^63 − 1, never negative.",
    ],
    [
      "rustdoc",
      '<details class="toggle method-toggle" open><summary><section id="method.depth" class="method"><h4 class="code-header">pub fn <a class="fn">depth</a>(&amp;self) -&gt; <a class="primitive">usize</a></h4></section></summary><div class="docblock"><p>Does not count the root.</p></div></details>',
      /pub fn depth\(&self\) -> usize[^]*Does not count the root\./,
    ],
    [
      "typedoc",
      '<section class="tsd-panel tsd-member"><h3 class="tsd-anchor-link" id="depth"><code class="tsd-tag">Optional</code><span>depth</span></h3><div class="tsd-signature"><span class="tsd-kind-property">depth</span><span class="tsd-signature-symbol">?:</span> <span class="tsd-signature-type">number</span></div><div class="tsd-comment tsd-typography"><p>Never more than 2<sup>8</sup>.</p></div></section>',
      /depth\?: number[^]*Never more than 2\^8\./,
    ],
    [
      "typedoc",
      '<div class="tsd-parameters"><h4 class="tsd-parameters-title">Parameters</h4><ul class="tsd-parameter-list"><li><span><span class="tsd-kind-parameter">rows</span>: <span class="tsd-signature-type">number</span></span><div class="tsd-comment tsd-typography"><p>At least 3.</p></div></li></ul></div>',
      /rows: number[^]*At least 3\./,
    ],
    [
      "typedoc",
      '<div class="tsd-comment tsd-typography"><dl><dt>open</dt><dd>Keeps it open.</dd><dt>closed</dt><dd>Does not.</dd></dl></div>',
      /open: Keeps it open\.\n- closed: Does not\./,
    ],
    [
      "jsdoc",
      '<h4 class="name" id="open"><span class="type-signature"></span>open<span class="signature">(path, days<span class="signature-attributes">opt</span>)</span><span class="type-signature"> → {boolean}</span></h4><div class="description">Is not called twice.</div>',
      /open\(path, days[^)]*\) → \{boolean\}[^]*Is not called twice\./,
    ],
    [
      "jsdoc",
      '<dl class="details"><dt class="tag-since">Since:</dt><dd class="tag-since"><ul class="dummy"><li>2.10</li></ul></dd></dl>',
      /Since:\s*(?:- )?2\.10/,
    ],
    [
      "gitbook",
      '<table class="w-full"><thead><tr><th>Code</th><th>Meaning</th></tr></thead><tbody><tr><td>429</td><td>Not now</td></tr></tbody></table>',
      /\| Code: 429 \| Meaning: Not now \|/,
    ],
    ["gitbook", "<p>It holds 10<sup>9</sup> rows, not 10<sup>6</sup>.</p>", "It holds 10^9 rows, not 10^6."],
    [
      "readme",
      '<div class="callout callout_warn" theme="🚧"><h3 class="callout-heading"><span class="callout-icon">🚧</span><p>Careful</p></h3><p>It does not ask again.</p></div>',
      /Careful[^]*It does not ask again\./,
    ],
    [
      "readme",
      '<div class="rdmd-table"><table><thead><tr><th>Size</th></tr></thead><tbody><tr><td>2<sup>20</sup></td></tr></tbody></table></div>',
      /Size[^]*2\^20/,
    ],
    [
      "readme",
      '<section class="rm-ParamContainer"><div class="Param-header"><label class="Param-name">limit</label><span class="Param-type">integer</span></div><div class="Param-description"><p>At most 100.</p></div></section>',
      /limit[^]*integer[^]*At most 100\./,
    ],
    [
      "swagger",
      '<table class="parameters"><thead><tr><th>Name</th><th>Description</th></tr></thead><tbody><tr data-param-name="limit"><td class="parameters-col_name"><div class="parameter__name">limit</div><div class="parameter__type">integer</div></td><td class="parameters-col_description"><div class="renderedMarkdown"><p>At most 2<sup>10</sup>.</p></div></td></tr></tbody></table>',
      /limit[^|]*integer[^]*At most 2\^10\./,
    ],
    [
      "discourse",
      '<div class="md-table"><table><thead><tr><th>Plan</th><th>Rows</th></tr></thead><tbody><tr><td>Free</td><td>10<sup>3</sup></td></tr></tbody></table></div>',
      /\| Plan: Free \| Rows: 10\^3 \|/,
    ],
    [
      "discourse",
      '<aside class="quote no-group" data-username="ada"><div class="title"><div class="quote-controls"></div> ada:</div><blockquote><p>It does not scale.</p></blockquote></aside><p>It does since 3.1.</p>',
      /It does not scale\.[^]*It does since 3\.1\./,
    ],
    [
      "stackoverflow",
      '<div class="s-table-container"><table class="s-table"><thead><tr><th>Type</th><th>Most</th></tr></thead><tbody><tr><td>int</td><td>2<sup>31</sup> − 1</td></tr></tbody></table></div>',
      /\| Type: int \| Most: 2\^31 − 1 \|/,
    ],
    [
      "stackoverflow",
      "<p>Use <code>git reset --soft</code>, <strong>not</strong> <kbd>--hard</kbd>:</p><ul><li>it keeps your files</li></ul>",
      /Use `?git reset --soft`?, not `?--hard`?:\n- it keeps your files/,
    ],
  ]);
});
