import path from "node:path";
import { elementsOf, findElement, parseHtmlTree, serializeHtml } from "./html-tree.js";
import { readZipTexts } from "./zip-entries.js";

/*
 * E-books (.epub) as one HTML page: their chapters in the order of reading.
 */

/** Maximum size of a chapter when it is unpacked, in bytes. */
const MAX_PART_BYTES = 20 * 1024 * 1024;
/** Maximum length of all chapters, in characters. */
const MAX_LENGTH = 20 * 1024 * 1024;

/** Whether bytes are an e-book: the first entry of the zip file says so, unpacked. */
export function isEpub(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  return head.startsWith("PK") && head.includes("mimetypeapplication/epub+zip");
}

/**
 * Reads an e-book as HTML.
 * @throws Error if the file is damaged, or if its chapters are encrypted
 */
export async function epubToHtml(bytes: Uint8Array): Promise<string> {
  const read = (names: string[]): Promise<Map<string, string>> => readZipTexts(bytes, names, MAX_PART_BYTES);
  const entry = "META-INF/container.xml";
  const container = (await read([entry])).get(entry) ?? "";
  const rootFile = findElement(parseHtmlTree(container, true), ({ localName }) => localName === "rootfile");
  const packagePath = rootFile?.getAttribute("full-path") ?? "";
  const book = (await read([packagePath])).get(packagePath);
  if (book === undefined) throw new Error("the list of chapters is missing");
  const root = parseHtmlTree(book, true);
  const files = new Map<string, string>();
  const order: string[] = [];
  for (const element of elementsOf(root)) {
    const name = element.localName.replace(/^opf:/, "");
    if (name === "item") files.set(element.getAttribute("id") ?? "", element.getAttribute("href") ?? "");
    if (name === "itemref") order.push(element.getAttribute("idref") ?? "");
  }
  const chapters = order.flatMap((id) => {
    const href = files.get(id);
    return href === undefined ? [] : [path.posix.join(path.posix.dirname(packagePath), decode(href))];
  });
  const texts = await read(chapters);
  const bodies: string[] = [];
  let left = MAX_LENGTH;
  for (const chapter of chapters) {
    const text = texts.get(chapter);
    if (text === undefined || text.length > left) continue;
    left -= text.length;
    const page = parseHtmlTree(text, true);
    const body = findElement(page, ({ localName }) => localName === "body");
    if (body !== null) bodies.push(serializeHtml(body));
  }
  if (bodies.length === 0) throw new Error("no chapter can be read");
  const title = findElement(root, ({ localName }) => localName === "dc:title")?.textContent.trim() ?? "";
  return `<html><head><title>${title.replaceAll("<", "&lt;")}</title></head><body>${bodies.join("\n")}</body></html>`;
}

function decode(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
