/*
 * How long the page of the report view takes from the message with a report of 200 sentences to the first frame that shows
 * it, in a real browser: its script, its style sheet and its policy, without VS Code around it.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { createReportView } from "../../src/vscode/report-view/create-report-view.js";
import { renderPageHtml } from "../../src/vscode/report-view/page-html.js";
import { ViewTextNames } from "../../src/vscode/report-view/page-messages.js";
import { ENGLISH_LOCALIZER } from "../../src/common/messages.js";
import type { Row } from "./results-table.js";

const SENTENCES = 200;
const REACH_MS = 150;
const RUNS = 5;

/** A report of so many sentences, in sections of ten, that cite ten quotes of twenty sources each. */
function longReport(): string {
  const sections = Array.from({ length: SENTENCES / 10 }, (_, section) => {
    const lines = Array.from(
      { length: 10 },
      (_, line) =>
        `Sentence ${line} of section ${section} says what its source says. [[${section + 1}.${line + 1}]](#source-${section + 1})`,
    );
    return `## Section ${section}\n\n${lines.join("\n")}`;
  });
  const sources = sections.map((_, section) => {
    const quotes = Array.from(
      { length: 10 },
      (_, line) => `${line + 1}. "Sentence ${line} of section ${section}."`,
    );
    return `### Source ${section + 1}\n\n[File ${section}](../docs/${section}.md#L1-L20), lines 1 to 20, read on 2026-11-22.\n\n${quotes.join("\n")}`;
  });
  return [
    "---\ntitle: A long report\ndate: 2026-11-22\nengine: offline\ndepth: deep\nsession: s\n---\n\n# A long report",
    ...sections, "## Sources", ...sources,
  ].join("\n\n"); // prettier-ignore
}

/** Runs in the page: sends the messages, and waits for the frame after that in which they were drawn. */
const MEASURE = `async (messages) => {
  const began = performance.now();
  for (const message of messages) window.dispatchEvent(new MessageEvent("message", { data: message }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  return { milliseconds: performance.now() - began, chips: document.querySelectorAll(".chip").length };
}`;

export async function rows(): Promise<Row[]> {
  const what = `first paint of a report of ${SENTENCES} sentences in the report view`;
  const reach = `≤ ${REACH_MS} ms`;
  const executablePath = [
    process.env["HOST_CHROMIUM"],
    "/usr/bin/chromium",
    ".vscode-host/chromium/chromium",
  ].find((file) => file !== undefined && existsSync(file));
  if (executablePath === undefined || !existsSync("dist/vscode/report-page.js"))
    return [{ what, measured: "–", reach, ok: null }];
  const report = createReportView(longReport(), null, {
    id: "file:///long.md", checkedWhen: "", canRun: true, l10n: ENGLISH_LOCALIZER, formatDay: (day) => day,
  }); // prettier-ignore
  const texts = Object.fromEntries(ViewTextNames.map((name) => [name, name]));
  const server = createServer((request, response) => {
    const { url } = request;
    if (url === "/page.js") response.end(`window.acquireVsCodeApi=()=>({postMessage(){},getState(){},setState(){}});\n${readFileSync("dist/vscode/report-page.js", "utf8")}`);
    else if (url === "/page.css") response.setHeader("content-type", "text/css").end(readFileSync("media/report-view.css"));
    else response.setHeader("content-type", "text/html").end(renderPageHtml({ style: "/page.css", script: "/page.js", source: "'self'", language: "en", loading: "…" }));
  }); // prettier-ignore
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const messages = [
        { type: "texts", texts },
        { type: "report", report },
      ];
      const { milliseconds, chips } = await page.evaluate<{ milliseconds: number; chips: number }>(
        `(${MEASURE})(${JSON.stringify(messages)})`,
      );
      if (chips !== SENTENCES) throw new Error(`${chips} of ${SENTENCES} citations were drawn.`);
      times.push(milliseconds);
      await page.close();
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Infinity;
    const measured = `${Math.round(median)} ms (median of ${RUNS}; ${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms)`;
    return [{ what, measured, reach, ok: median <= REACH_MS }];
  } finally {
    await browser.close();
    server.close();
  }
}
