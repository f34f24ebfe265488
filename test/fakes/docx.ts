import { aZip } from "./zip.js";

/* Small Word documents, made in code, with the parts that Word writes. */

const STYLES = `<w:styles xmlns:w="w">
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="SourceCode"><w:name w:val="Source Code"/></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>
</w:styles>`;

const NUMBERING = `<w:numbering xmlns:w="w">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>`;

/** @param body what stands in the body. @param notes footnotes by their numbers */
export function makeDocx(body: string, notes: Record<string, string> = {}, title = ""): Buffer {
  const footnotes = Object.entries(notes).map(
    ([id, text]) => `<w:footnote w:id="${id}"><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:footnote>`,
  );
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const parts: Record<string, string> = {
    "[Content_Types].xml": `${head}<Types/>`,
    "word/document.xml": `${head}<w:document xmlns:w="w" xmlns:m="m"><w:body>${body}<w:sectPr/></w:body></w:document>`,
    "word/styles.xml": head + STYLES,
    "word/numbering.xml": head + NUMBERING,
    "word/footnotes.xml": `${head}<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>${footnotes.join("")}</w:footnotes>`,
    "docProps/core.xml": `${head}<cp:coreProperties><dc:title>${title}</dc:title></cp:coreProperties>`,
  };
  return aZip(Object.entries(parts).map(([name, content]) => ({ name, content: Buffer.from(content) })));
}

/** A paragraph of runs; a text alone is one run. @param facts its properties */
export function docxParagraph(runs: string, facts = ""): string {
  const inside = runs.startsWith("<") ? runs : `<w:r><w:t xml:space="preserve">${runs}</w:t></w:r>`;
  return `<w:p>${facts === "" ? "" : `<w:pPr>${facts}</w:pPr>`}${inside}</w:p>`;
}

/** A run with properties. */
export function docxRun(text: string, facts = ""): string {
  return `<w:r><w:rPr>${facts}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
}
