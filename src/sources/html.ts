import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { htmlFileText } from "./html-text.js";

/** A page's main text, Markdown-like: "## " headings, "- " items, fences around what was preformatted. */
export interface PageText {
  title: string;
  text: string;
  warnings: string[];
}

/** Elements of a page that its article is looked for in; a page with more is read whole. */
const MOST_ELEMENTS = 60_000;
/** An article shorter than this share of the whole page is doubted where it is short, too. */
const DOUBTFUL = { share: 0.1, characters: 600 };

/** Takes the main text out of a page, without menus, banners and footers where those can be told. */
export function pageText(html: string, _url: string): PageText & { links: never[]; canonical: null } {
  const whole = htmlFileText(html);
  const article = articleOf(html);
  const text = article === null ? "" : htmlFileText(article.content).text;
  const title = [article?.title.trim() ?? "", whole.title].find((each) => each !== "") ?? "";
  const isDoubtful = text.length < DOUBTFUL.characters && text.length < whole.text.length * DOUBTFUL.share;
  if (text === "" || isDoubtful) {
    const warnings = whole.text === "" ? [] : ["The main text could not be told from the rest of the page."];
    return { title, text: whole.text, warnings, links: [], canonical: null };
  }
  return { title, text, warnings: [], links: [], canonical: null };
}

function articleOf(html: string): { title: string; content: string } | null {
  try {
    // The DOM's types belong to browsers; all that is needed to be known here is that there is a body.
    const { document } = parseHTML(html) as unknown as { document: { body: unknown } };
    if (document.body === null) return null;
    const parsed = new Readability(document, {
      maxElemsToParse: MOST_ELEMENTS,
    }).parse();
    if (parsed?.content === null || parsed?.content === undefined) return null;
    return { title: parsed.title ?? "", content: parsed.content };
  } catch {
    // Too many elements, nested too deep, or no document at all: the plain way reads it.
    return null;
  }
}
