import assert from "node:assert/strict";
import { extractArticle } from "../../../../src/reading/documents/html-article.js";
import { findPageProblem, findPageWarnings } from "../../../../src/reading/documents/unreadable-pages.js";

const URL_OF = "https://docs.example.org/guide/retries?x=1#top";

const PROSE = [
  "A failed request is sent again, each time after a longer pause, until the fifth attempt has failed as well.",
  "The pause doubles with every attempt, and a random part keeps many clients from asking at the same moment.",
  "What the server said with its last answer is kept in the log, so that one can see later why it gave up.",
];

function page(inside: string, head = ""): string {
  return `<!doctype html><html><head><title>Retries – Docs</title>${head}</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/blog">Blog</a></li></ul></nav>
<div class="content">${inside}</div><footer>Imprint and contact</footer></body></html>`;
}

/** Three paragraphs of some length. */
const LONG = PROSE.map((each, index) => `${each} ${PROSE[(index + 1) % 3] ?? ""}`);
const paragraphs = LONG.map((each) => `<p>${each}</p>`);

describe("the main text of a page", () => {
  it("keeps headings, items, rows and what is preformatted, a line each", () => {
    const { text, title } = extractArticle(
      page(
        `<article><h1>Retries</h1>${paragraphs[0] ?? ""}<h2>Limits</h2><ul><li>Five times at most, as a rule.</li><li>Never after a refusal.</li></ul>` +
          `${paragraphs[1] ?? ""}<pre>retry(5)\n  .done()</pre><table><tr><th>code</th><th>retried</th></tr><tr><td>503</td><td>yes, it is</td></tr></table>${paragraphs[2] ?? ""}</article>`,
      ),
      URL_OF,
    );
    assert.match(title, /^Retries/);
    assert.match(text, /^## Limits\n\n- Five times at most, as a rule\.\n- Never after a refusal\.$/m);
    assert.match(text, /^```\nretry\(5\)\n {2}\.done\(\)\n```$/m);
    assert.match(text, /^\| code \| retried \|\n\| --- \| --- \|\n\| code: 503 \| retried: yes, it is \|$/m);
    assert.doesNotMatch(text, /Imprint|Blog/);
  });

  it("breaks lines where blocks end, so that no two words grow together", () => {
    const { text } = extractArticle(
      page(`<div>${PROSE[0] ?? ""}</div><div>${PROSE[1] ?? ""}<br>${PROSE[2] ?? ""}</div>`),
      URL_OF,
    );
    assert.match(text, /failed as well\.\n\nThe pause/);
    assert.match(text, /same moment\.\nWhat the server/);
  });

  it("leaves out what stands between and around the paragraphs", () => {
    const { text } = extractArticle(
      page(`<article><h1>Retries</h1><p class="byline">By Ada Lovelace</p><p>Published 3 May 2024, 10:15</p>
        <div class="share-bar"><p>Share this</p><p>on your favourite network</p></div>
        ${paragraphs[0] ?? ""}<figure><img src="a.png"><figcaption>A picture of a pause. Credit: Somebody</figcaption></figure>
        <p>Related: <a href="/other">Ten other ways to ask a server again</a></p>${paragraphs[1] ?? ""}
        <ul><li><a href="/a">How to wait for a very long time</a></li><li><a href="/b">How not to wait at all</a></li></ul>
        <div class="newsletter-signup"><p>Sign up for our newsletter and never miss an article again.</p></div>
        ${paragraphs[2] ?? ""}<p>Ada Lovelace is a senior reporter for the Docs.</p><h3>More from Docs</h3></article>`),
      URL_OF,
    );
    assert.equal(text, LONG.join("\n\n"));
  });

  it("keeps a page that is a list of links, and an article whose class has an unlucky name", () => {
    const list = Array.from(
      { length: 12 },
      (_, n) => `<li><a href="/p${n}">Page number ${n} about retries and pauses</a></li>`,
    );
    assert.match(
      extractArticle(page(`<main><h1>Contents</h1><ul>${list.join("")}</ul></main>`), URL_OF).text,
      /Page number 7/,
    );
    const unlucky = `<article class="entry-content read-more comments-open">${paragraphs.join("")}</article>`;
    assert.equal(extractArticle(page(unlucky), URL_OF).text, LONG.join("\n\n"));
  });

  it("keeps a chapter whose id is its heading, where those of others are, too", () => {
    const chapter = (heading: string, text: string): string =>
      `<section id="${heading.toLowerCase().replaceAll(" ", "-")}"><h2>${heading}</h2><p>${text}</p></section>`;
    const [first = "", second = "", third = ""] = PROSE;
    const subscribe = chapter("Subscribe to models", "Request access in the console of the cloud.");
    const manual = [
      chapter("Install", first),
      chapter("Access", second),
      subscribe,
      chapter("Limits", third),
    ];
    const { text } = extractArticle(page(`<main><h1>Manual</h1>${manual.join("")}</main>`), URL_OF);
    assert.match(text, /## Subscribe to models\n\nRequest access in the console/);
    const article = `<article>${paragraphs.join("")}${subscribe}</article>`;
    assert.doesNotMatch(extractArticle(page(article), URL_OF).text, /Request access/);
  });

  it("leaves a manual's own chapters and steps alone", () => {
    const manual = [
      "<h2>Comments</h2><p>A comment begins with a number sign and ends with the line.</p>",
      "<h2>Tags</h2><ul><li>Image</li><li>Print</li><li>Comments</li></ul>",
      "<h2>Install</h2><p>Get the latest version with npm, and restart the editor.</p><p>Sign up for an account to get a key.</p>",
      "<p>Subscribe to a topic by calling its name.</p><p>Share this folder with the container.</p>",
    ];
    const { text } = extractArticle(
      page(`<main><h1>Manual</h1>${paragraphs.join("")}${manual.join("")}</main>`),
      URL_OF,
    );
    for (const kept of [
      "## Comments",
      "## Tags",
      "- Image",
      "- Print",
      "Get the latest version",
      "Sign up for an account",
      "Subscribe to a topic",
      "Share this folder",
    ]) {
      assert.ok(text.includes(kept), kept);
    }
  });

  it("makes links absolute, each once, http and https alone", () => {
    const { links, canonical } = extractArticle(
      page(
        `<article>${paragraphs.join("")}<p>See <a href="../api?y=2#part">the API</a>, <a href="/api">the root</a>, <a href="../api?y=2">again</a>, ` +
          `<a href="javascript:alert(1)">this</a> and <a href="//cdn.example/x">that</a>, all of which are worth a look for those who care.</p></article>`,
        `<link rel="canonical" href="/guide/retries"><base href="https://docs.example.org/v2/guide/">`,
      ),
      URL_OF,
    );
    assert.deepEqual(
      links.map(({ text, url }) => `${text} ${url}`),
      [
        "the API https://docs.example.org/v2/api?y=2",
        "the root https://docs.example.org/api",
        "that https://cdn.example/x",
      ],
    );
    assert.equal(canonical, "https://docs.example.org/guide/retries");
  });

  it("does not hang on what is nested, broken or long", () => {
    const began = performance.now();
    assert.match(
      extractArticle(`<body>${"<div>".repeat(50_000)}${paragraphs.join("")}`, URL_OF).text,
      /fifth attempt/,
    );
    assert.match(extractArticle(`<body><p>${"a long line ".repeat(80_000)}</p>`, URL_OF).text, /a long line/);
    assert.match(extractArticle(`<p><b><i>${paragraphs.join("<table><tr>")}`, URL_OF).text, /fifth attempt/);
    assert.equal(extractArticle("", URL_OF).text, "");
    assert.ok(performance.now() - began < 15_000);
  }).timeout(20_000);
});

describe("pages that are no sources", () => {
  const problem = (text: string, html = `<p>${text}</p>`, title = "A page"): string | undefined =>
    findPageProblem({ title, text, html })?.template;
  const warnings = (text: string, html = `<p>${text}</p>`): string =>
    findPageWarnings({ text, html }).join(" ");

  const bad: [RegExp, string][] = [
    [/contains no text/, ""],
    [/contains no text/, "Loading…"],
    [/requires a browser/, "You need to enable JavaScript to run this app."],
    [/visitor is human/, "Just a moment... Verify you are human by completing the action below."],
  ];
  for (const [why, text] of bad) {
    it(`names what has no text of its own: ${text.slice(0, 50)}`, () =>
      assert.match(problem(text) ?? "", why));
  }

  const consent = [
    "We value your privacy. We and our 843 partners store cookies on your device. You can accept all or manage your preferences. Accept all Reject all Our privacy policy",
    "Wir verwenden Cookies. Mit Ihrer Einwilligung dürfen wir und unsere Partner Cookies setzen. Alle akzeptieren. Zustimmen und weiter. Datenschutz",
    "Nous utilisons des cookies. Votre consentement est nécessaire pour les cookies de nos partenaires. Tout accepter. J'accepte. Paramétrer",
    "Usamos cookies propias y de terceros con su consentimiento. Aceptar todas las cookies. Accept all. Configurar",
    "Questo sito usa cookie con il tuo consenso. Cookie tecnici e di profilazione. Accetta tutti i cookie. Privacy policy. Rifiuta",
    "Wij gebruiken cookies. Geef toestemming voor cookies van derden. Akkoord. Accepteren. Instellingen",
    "Używamy plików cookies za Twoją zgodą. Zaakceptuj wszystkie cookies. Zgadzam się. Ustawienia",
    "当サイトではクッキーを使用しています。クッキーの使用に同意してください。同意する 詳細",
  ]; // prettier-ignore
  for (const text of consent) {
    it(`reads a consent form, with a warning: ${text.slice(0, 50)}`, () => {
      assert.equal(problem(text), undefined);
      assert.match(warnings(text), /may be a consent form/);
    });
  }

  const teasers = [
    "The games of the coming year will cost more than ever. Subscribe now to continue reading this story.",
    "Die Preise steigen weiter. Dieser Artikel ist nur für Abonnenten. Jetzt abonnieren und weiterlesen.",
  ]; // prettier-ignore
  for (const text of teasers) {
    it(`reads what a paywall leaves open, with a warning: ${text.slice(0, 50)}`, () => {
      assert.equal(problem(text), undefined);
      assert.match(warnings(text), /for subscribers/);
    });
  }

  it("believes a page that says it is not free, and reads it", () => {
    const html = `<script type="application/ld+json">{"isAccessibleForFree": false}</script><p>A teaser.</p>`;
    const teaser = "Gaming used to be so simple. We bought a game, and that was all.";
    assert.equal(problem(teaser, html), undefined);
    assert.match(warnings(teaser, html), /only the part that is open was read/);
    const long = PROSE.join(" ").repeat(8);
    assert.match(
      warnings(`${long} Subscribe to continue reading this article.`, html),
      /only the part that is open was read/,
    );
    assert.equal(warnings(long, "<p>free</p>"), "");
  });

  it("keeps paragraphs that stand between those of the article, whatever they link to", () => {
    const linked = `<p>The <a href="/a">retry(five)</a> function is a wrapper around <a href="/b">the hook of a retry</a> that any <a href="/c">connection to a server</a> has.</p>`;
    const { text } = extractArticle(
      `<html><head><title>Retry</title></head><body><div>${paragraphs[0] ?? ""}${linked}<p>See also the list of <a href="/l">all functions of the library</a>.</p>${paragraphs[1] ?? ""}</div></body></html>`,
      URL_OF,
    );
    assert.match(text, /moment\.\n+The retry\(five\) function is a wrapper[^\n]*\n/);
  });

  it("takes comments of code and captions of a reference for what they are", () => {
    const scala = extractArticle(
      `<html><body><div id="comment" class="fullcommenttop"><div class="comment cmt"><p>${LONG[0] ?? ""}</p></div></div><ol><li><p>def retry</p><div class="fullcomment"><div class="comment cmt"><p>Sends it again.</p></div></div></li></ol></body></html>`,
      URL_OF,
    );
    assert.match(scala.text, /longer pause[^]*Sends it again\./);
    const haskell = extractArticle(
      `<html><body><div id="module-header"><p class="caption">Network.Retry</p></div><div id="interface"><div class="top"><p class="src">retry :: Int</p><div class="doc"><p>${LONG[0] ?? ""}</p></div></div></div></body></html>`,
      URL_OF,
    );
    assert.match(haskell.text, /Network\.Retry[^]*retry :: Int/);
  });

  it("refuses no article that speaks of such things, and no short honest page", () => {
    const cookies =
      "Cookies are small texts that a server asks a browser to keep. A site must ask for consent before it sets cookies that are not needed. " +
      "Browsers send cookies back with each request to the same site, which is how a session is recognised. " +
      "The law of the European Union calls for consent that is informed, and many sites ask with a banner for it. " +
      "Researchers found that most people agree without reading, since the other button is hard to find. ".repeat(
        3,
      );
    assert.equal(problem(cookies), undefined);
    const paywalls =
      "Newspapers put paywalls around their articles when advertising brought less. The first that did so lost half of its readers. " +
      "Some let ten articles a month pass, others none. A study of forty papers found that readers come back after a year. " +
      "Others sell single articles, for which few people pay, and a handful live from donations of their readers alone.";
    assert.equal(problem(paywalls), undefined);
    assert.equal(
      problem(
        "To use the widget, enable JavaScript in the settings of the browser view and reload it. ".repeat(4),
      ),
      undefined,
    );
    assert.equal(
      problem(
        "Access denied is the answer to a key that was removed. Ask the owner of the project for another one, and restart the program with it. The old key stays in the log of the server for thirty days, where it can be looked up by its last letters.",
      ),
      undefined,
    );
    assert.equal(problem("The port is 8080."), undefined);
    assert.equal(problem("Retry after 5 seconds. Sign in to see private repositories."), undefined);
  });
});
