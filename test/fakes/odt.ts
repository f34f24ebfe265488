import { aZip } from "./zip.js";

const STORED = 0;

/** @param body what stands in the text. @param title the document's title */
export function makeOdt(body: string, title = ""): Buffer {
  const style = (name: string, facts: string): string =>
    `<style:style style:name="${name}" style:family="text"><style:text-properties ${facts}/></style:style>`;
  const styles = `${style("T1", 'style:text-position="super 58%"')}${style("T2", 'style:text-line-through-style="solid"')}`;
  const parts: [name: string, content: string][] = [
    [
      "content.xml",
      `<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    ],
    [
      "meta.xml",
      `<office:document-meta><office:meta><dc:title>${title}</dc:title></office:meta></office:document-meta>`,
    ],
  ];
  return aZip([
    { name: "mimetype", content: Buffer.from("application/vnd.oasis.opendocument.text"), method: STORED },
    ...parts.map(([name, content]) => ({ name, content: Buffer.from(content) })),
  ]);
}

/** @param chapters their XHTML bodies by file name, in the order of reading */
export function makeEpub(chapters: Record<string, string>, title = ""): Buffer {
  const names = Object.keys(chapters);
  const book = `<?xml version="1.0"?><package><metadata><dc:title>${title}</dc:title></metadata><manifest>${names
    .toReversed()
    .map(
      (name) =>
        `<item id="${name}" href="text/${encodeURIComponent(name)}.xhtml" media-type="application/xhtml+xml"/>`,
    )
    .join(
      "",
    )}</manifest><spine>${names.map((name) => `<itemref idref="${name}"/>`).join("")}</spine></package>`;
  return aZip([
    { name: "mimetype", content: Buffer.from("application/epub+zip"), method: STORED },
    {
      name: "META-INF/container.xml",
      content: Buffer.from(
        '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      ),
    },
    { name: "OEBPS/book.opf", content: Buffer.from(book) },
    ...Object.entries(chapters).map(([name, body]) => ({
      name: `OEBPS/text/${name}.xhtml`,
      content: Buffer.from(
        `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body class="a">${body}</body></html>`,
      ),
    })),
  ]);
}
