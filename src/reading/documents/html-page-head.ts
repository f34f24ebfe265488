import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { parseJson } from "../../common/parse-json.js";
import { elementsOf, type HtmlElement } from "./html-tree.js";

/** What a page says about itself. */
export interface PageHead {
  title: string;
  /** References as written, or null. */
  base: string | null;
  canonical: string | null;
  /** The target of a redirect by the page itself, within ten seconds. */
  refresh: string | null;
  /** The article's text in the data for search engines; "" if there is none. */
  articleBody: string;
}

/** Longer waits show a page that is meant to be read. */
const MAX_REFRESH_SECONDS = 10;

export function readPageHead(root: HtmlElement): PageHead {
  const head: PageHead = { title: "", base: null, canonical: null, refresh: null, articleBody: "" };
  let shared = "";
  for (const element of elementsOf(root)) {
    switch (element.localName) {
      case "title":
        if (head.title === "" && element.parent?.localName !== "svg")
          head.title = collapseWhitespace(element.textContent);
        break;
      case "base":
        head.base ??= element.getAttribute("href");
        break;
      case "link":
        if (element.getAttribute("rel")?.toLowerCase() === "canonical")
          head.canonical ??= element.getAttribute("href");
        break;
      case "meta":
        if (element.getAttribute("property") === "og:title") shared ||= element.getAttribute("content") ?? "";
        head.refresh ??= refreshTarget(element);
        break;
      case "script":
        if (/^application\/ld\+json/i.test(element.getAttribute("type") ?? "")) {
          const body = articleBody(parseJson(element.textContent), 0);
          if (body.length > head.articleBody.length) head.articleBody = body;
        }
        break;
      default:
    }
  }
  head.title ||= collapseWhitespace(shared);
  return head;
}

function refreshTarget(meta: HtmlElement): string | null {
  if (meta.getAttribute("http-equiv")?.toLowerCase() !== "refresh") return null;
  const content = (meta.getAttribute("content") ?? "").slice(0, 2000);
  const [, seconds = "", rest = ""] = /^\s*(\d{1,5})(?:\.\d*)?\s*[;,]\s*(\S.*)$/.exec(content) ?? [];
  if (seconds === "" || Number(seconds) > MAX_REFRESH_SECONDS) return null;
  const target = rest
    .replace(/^url\s*=\s*/i, "")
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2");
  return target === "" ? null : target;
}

/** The longest `articleBody` in linked data. */
function articleBody(data: unknown, depth: number): string {
  if (typeof data !== "object" || data === null || depth > 4) return "";
  if (Array.isArray(data)) return data.map((each) => articleBody(each, depth + 1)).reduce(longer, "");
  let best = "";
  for (const [name, value] of Object.entries(data)) {
    if (name === "articleBody" && typeof value === "string") best = longer(best, plainBody(value));
    else if (name === "@graph" || name === "mainEntity" || name === "mainEntityOfPage") {
      best = longer(best, articleBody(value, depth + 1));
    }
  }
  return best;
}

function longer(one: string, other: string): string {
  return other.length > one.length ? other : one;
}

/** Paragraphs of a text that may hold tags. */
function plainBody(body: string): string {
  return body
    .slice(0, 500_000)
    .replace(/<\/(?:p|div|li|h[1-6])>|<br\s*\/?>/gi, "\n")
    .replace(/<[^<>]{0,500}>/g, "")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")
    .replace(/[^\S\n]+/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n\n");
}
