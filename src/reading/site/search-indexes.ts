import * as z from "zod";
import { parseJson } from "../../common/parse-json.js";
import { resolveWithin, type SitePage } from "./site-page.js";

/*
 * The search indexes that generators of documentation put on their sites. Each has the texts of all pages, or their
 * words, so that one request tells which pages are worth reading.
 */

/** An index file: where it lies, and how it is read. */
export interface SiteIndexFormat {
  /** Relative to the site. */
  file: string;
  /** The pages and sections; null if the file is something else. */
  parse: (text: string, site: URL) => SitePage[] | null;
}

const MAX_SECTIONS = 100_000;
const MAX_TEXT = 20_000;

const MkDocs = z.object({
  docs: z.array(z.object({ location: z.string(), title: z.string().catch(""), text: z.string().catch("") })),
});
const Sphinx = z.object({
  docnames: z.array(z.string()),
  titles: z.array(z.string()).catch([]),
  terms: z.record(z.string(), z.union([z.number(), z.array(z.number())])).catch({}),
  titleterms: z.record(z.string(), z.union([z.number(), z.array(z.number())])).catch({}),
  alltitles: z.record(z.string(), z.array(z.tuple([z.number(), z.string().nullable()]))).catch({}),
});
const MdBook = z.object({
  doc_urls: z.array(z.string()),
  index: z.object({
    documentStore: z.object({
      docs: z.record(
        z.string(),
        z.object({
          title: z.string().catch(""),
          body: z.string().catch(""),
          breadcrumbs: z.string().catch(""),
        }),
      ),
    }),
  }),
});
const Docusaurus = z.array(
  z.object({
    documents: z.array(
      z.looseObject({
        t: z.string().catch(""),
        u: z.string(),
        h: z.string().catch(""),
        s: z.string().catch(""),
      }),
    ),
  }),
);

export const SITE_INDEX_FORMATS: readonly SiteIndexFormat[] = [
  { file: "search/search_index.json", parse: parseMkDocs },
  { file: "searchindex.js", parse: parseScript },
  { file: "searchindex.json", parse: parseMdBook },
  { file: "search-index.json", parse: parseDocusaurus },
];

function parseMkDocs(text: string, site: URL): SitePage[] | null {
  const { data } = MkDocs.safeParse(parseJson(text));
  if (data === undefined) return null;
  return data.docs.slice(0, MAX_SECTIONS).flatMap(({ location, title, text: body }) => {
    const url = resolveWithin(site, location);
    return url === null ? [] : [{ url, title: plain(title), text: plain(body) }];
  });
}

/** "Search.setIndex({…})" of Sphinx, or mdBook's index in a string or an object. */
function parseScript(text: string, site: URL): SitePage[] | null {
  if (text.trimStart().startsWith("Search.setIndex(")) return parseSphinx(text, site);
  const inString = text.indexOf("JSON.parse('");
  if (inString >= 0) {
    const end = text.lastIndexOf("')");
    const quoted = text.slice(inString + "JSON.parse('".length, Math.max(inString, end));
    return parseMdBook(quoted.replace(/\\(['\\])/g, "$1"), site);
  }
  return parseMdBook(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1), site);
}

function parseSphinx(text: string, site: URL): SitePage[] | null {
  const given = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
  // Earlier versions write the outer names without quotes.
  const { data } = Sphinx.safeParse(
    parseJson(given) ?? parseJson(given.replace(/([{,])([a-z]{2,20}):/g, '$1"$2":')),
  );
  if (data === undefined) return null;
  const words = data.docnames.map((): string[] => []);
  for (const [term, places] of [...Object.entries(data.terms), ...Object.entries(data.titleterms)]) {
    for (const at of typeof places === "number" ? [places] : places) words[at]?.push(term);
  }
  const pages = data.docnames.flatMap((name, at): SitePage[] => {
    const url = resolveWithin(site, `${name.split("/").map(encodeURIComponent).join("/")}.html`);
    return url === null
      ? []
      : [{ url, title: plain(data.titles[at] ?? name), text: words[at]?.join(" ") ?? "" }];
  });
  const sections = Object.entries(data.alltitles).flatMap(([title, places]) =>
    places.flatMap(([at, anchor]): SitePage[] => {
      const name = data.docnames[at];
      const url =
        name === undefined
          ? null
          : resolveWithin(site, `${name.split("/").map(encodeURIComponent).join("/")}.html`);
      return url === null || anchor === null
        ? []
        : [{ url: `${url}#${anchor}`, title: plain(title), text: "" }];
    }),
  );
  return [...pages, ...sections].slice(0, MAX_SECTIONS);
}

function parseMdBook(text: string, site: URL): SitePage[] | null {
  const { data } = MdBook.safeParse(parseJson(text));
  if (data === undefined) return null;
  return Object.entries(data.index.documentStore.docs)
    .slice(0, MAX_SECTIONS)
    .flatMap(([id, { title, body, breadcrumbs }]) => {
      const address = data.doc_urls[Number(id)];
      const url = address === undefined ? null : resolveWithin(site, address);
      return url === null ? [] : [{ url, title: title || breadcrumbs, text: body.slice(0, MAX_TEXT) }];
    });
}

function parseDocusaurus(text: string, site: URL): SitePage[] | null {
  const { data } = Docusaurus.safeParse(parseJson(text));
  if (data === undefined) return null;
  return data
    .flatMap(({ documents }) => documents)
    .slice(0, MAX_SECTIONS)
    .flatMap(({ t, u, h, s }) => {
      const url = resolveWithin(site, u + h);
      return url === null ? [] : [{ url, title: s || t.slice(0, 200), text: t.slice(0, MAX_TEXT) }];
    });
}

/** Some indexes hold HTML. */
function plain(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replace(/<[^<>]{0,300}>/g, " ")
    .replace(/&(?:amp|lt|gt|quot|#39);/g, " ");
}
