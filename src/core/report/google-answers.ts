import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { removeInvisibleCharacters } from "../../common/invisible-characters.js";
import type { GroundedAnswer } from "../domain/ports.js";
import type { GoogleAnswer } from "../domain/schema.js";
import { findAllBetween } from "../text/linear-search.js";
import {
  escapeInline,
  escapeLinkTarget,
  quoteFromMarkdown,
  sentenceToMarkdown,
} from "../text/markdown-escape.js";
import { maskInline } from "../text/markdown-mask.js";
import { renderBlockQuote } from "./quote-block.js";

/*
 * What Google Search says, in a section of its own. Google's terms allow its answers to be shown to the person who asked,
 * unchanged, with its suggestions and with nothing in between; so nothing cites, mixes, checks or reuses them.
 */

/** The heading of the section; no other section may have it. */
export const GOOGLE_HEADING = "What Google Search says";

const NOTE =
  "Gemini wrote this from a Google Search. It stands as it came, nothing in it was checked, and it is meant for the person who asked: remove this section before you publish the report.";

const PAGES = "Pages that Google names";
const SUGGESTIONS = "Google’s suggestions";
const LINK_NAMES = [PAGES, SUGGESTIONS];

const MAX_SUGGESTIONS = 12;
const LONGEST_SUGGESTION = 200;
/** Characters of Google's HTML that are looked through. */
const MAX_HTML = 200_000;

/** Google's answer to a question as a report keeps it, with its suggestions as plain links. */
export function toGoogleAnswer(question: string, answer: GroundedAnswer): GoogleAnswer {
  const { text, pages, spans, queries, suggestions } = answer;
  return {
    question,
    text: text ?? spans.map((span) => span.text).join("\n"),
    pages: pages.filter(({ url }) => url !== ""),
    suggestions: readSuggestions(suggestions, queries),
  };
}

/** The links of Google's suggestions, of which it sends HTML; where it sends none, links to the searches it made. */
function readSuggestions(html: string, queries: string[]): GoogleAnswer["suggestions"] {
  const found = findAllBetween(html.slice(0, MAX_HTML), "<a ", "</a>").flatMap(({ inner }) => {
    const end = inner.indexOf(">");
    const [, , address = ""] =
      /(?:^|\s)href\s{0,5}=\s{0,5}(["'])([^"']{1,4000})\1/i.exec(inner.slice(0, end)) ?? [];
    const text = plainText(inner.slice(end + 1));
    const url = toGoogleAddress(plainText(address));
    return end < 0 || text === "" || url === null ? [] : [{ text, url }];
  });
  const made = queries.map((query) => ({
    text: collapseWhitespace(query).slice(0, LONGEST_SUGGESTION),
    url: `https://www.google.com/search?q=${encodeURIComponent(query)}`,
  }));
  const links = found.length > 0 ? found : made.filter(({ text }) => text !== "");
  return links
    .filter(({ text, url }, at) => links.findIndex((each) => each.text === text && each.url === url) === at)
    .slice(0, MAX_SUGGESTIONS);
}

/** The text of a bit of HTML on one line, without tags. */
function plainText(html: string): string {
  const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };
  const parts = html
    .split("<")
    .map((part, index) => (index === 0 ? part : part.slice(part.indexOf(">") + 1)));
  const text = parts
    .join("")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => names[name] ?? whole);
  return collapseWhitespace(removeInvisibleCharacters(text).text).slice(0, MAX_HTML);
}

/** An https address of Google's own; null for any other. */
function toGoogleAddress(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, username, password, href } = new URL(address);
  const isGoogle = hostname === "google.com" || hostname.endsWith(".google.com");
  return protocol === "https:" && isGoogle && username === "" && password === "" ? href : null;
}

/** The section's parts, each a list of lines; none where Google was not asked. */
export function renderGoogleAnswers(answers: readonly GoogleAnswer[]): string[][] {
  if (answers.length === 0) return [];
  return [
    [`## ${GOOGLE_HEADING}`],
    [NOTE],
    ...answers.flatMap(({ question, text, pages, suggestions }) => [
      [`Asked: ${sentenceToMarkdown(question)}`],
      renderBlockQuote(plainLines(text)),
      ...linkLine(
        PAGES,
        pages.map(({ url, title }) => ({ text: title || url, url })),
      ),
      ...linkLine(SUGGESTIONS, suggestions),
    ]),
  ];
}

function linkLine(name: string, links: { text: string; url: string }[]): string[][] {
  if (links.length === 0) return [];
  const written = links.map(
    ({ text, url }) => `[${escapeInline(collapseWhitespace(text))}](${escapeLinkTarget(url)})`,
  );
  return [[`${name}: ${written.join(", ")}.`]];
}

/** The links of a line of the section; null for a line of another kind. */
export function parseGoogleLinks(line: string): { name: string; links: GoogleAnswer["pages"] } | null {
  const name = LINK_NAMES.find((each) => line.startsWith(`${each}: [`));
  if (name === undefined) return null;
  const links: GoogleAnswer["pages"] = [];
  const { text: masked } = maskInline(line);
  for (let at = masked.indexOf("["); at >= 0; at = masked.indexOf("[", at + 1)) {
    const close = masked.indexOf("](", at);
    const end = close < 0 ? -1 : masked.indexOf(")", close);
    if (end < 0) break;
    const url = line.slice(close + 2, end);
    if (/^https?:\/\/[^\s]+$/.test(url))
      links.push({ title: quoteFromMarkdown(line.slice(at + 1, close)), url });
    at = end;
  }
  return { name, links };
}

/** An answer's lines without the white space that only a code block would show. */
function plainLines(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .trim()
    .split("\n")
    .map((line) =>
      line
        .replace(/\t/g, "  ")
        .trimEnd()
        .replace(/^ {4,}/, "   "),
    )
    .join("\n");
}
