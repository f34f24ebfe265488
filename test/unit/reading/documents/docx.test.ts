import assert from "node:assert/strict";
import { extractDocumentText } from "../../../../src/reading/documents/extract-text.js";
import { docxParagraph as p, docxRun as r, makeDocx } from "../../../fakes/docx.js";
import { aZip } from "../../../fakes/zip.js";

const read = (bytes: Uint8Array) =>
  extractDocumentText({ bytes, type: "application/octet-stream", charset: null, address: "notes/plan.docx" });
const textOf = async (body: string, notes = {}): Promise<string> => (await read(makeDocx(body, notes))).text;

const style = (id: string): string => `<w:pStyle w:val="${id}"/>`;
const list = (id: number, level = 0): string =>
  `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr>`;
const row = (cells: string[], facts = ""): string =>
  `<w:tr>${facts}${cells.map((cell) => `<w:tc><w:tcPr/>${p(cell)}</w:tc>`).join("")}</w:tr>`;

describe("Word documents", () => {
  it("are read as headings and paragraphs, whatever the language of their styles", async () => {
    const { text, title, coverage, warnings } = await read(
      makeDocx(
        p("Retry plan", style("Titel")) + p("Limits", style("berschrift2")) + p("Five times at most."),
      ),
    );
    assert.equal(text, "# Retry plan\n\n## Limits\n\nFive times at most.");
    assert.equal(title, "Retry plan");
    assert.deepEqual([coverage?.words, coverage?.kept, warnings], [7, 7, []]);
  });

  it("keep a list with its introduction, its numbers and its levels", async () => {
    const body =
      p("Never:") +
      p("delete it", list(1)) +
      p("at night", list(1, 1)) +
      p("at noon", list(1, 1)) +
      p("move it", list(1)) +
      p("Then:") +
      p("stop", list(2)) +
      p("start", list(2));
    assert.equal(
      await textOf(body),
      "Never:\n- delete it\n  1. at night\n  2. at noon\n- move it\n\nThen:\n1. stop\n2. start",
    );
  });

  it("name the columns of a table, with cells over several columns and rows", async () => {
    const merged =
      "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr/><w:p><w:r><w:t>20</w:t></w:r></w:p></w:tc></w:tr>";
    const begun = `<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>${p("large")}</w:tc><w:tc>${p("90")}</w:tc></w:tr>`;
    const head = row(["Name", "Limit"], "<w:trPr><w:tblHeader/></w:trPr>");
    assert.match(
      await textOf(`<w:tbl>${head}${begun}${merged}</w:tbl>`),
      /\| Name: large \| Limit: 90 \|\n\| Name: large \| Limit: 20 \|/,
    );
  });

  it("keep the value of raised and lowered text, and formulas", async () => {
    const body =
      p(
        `${r("It has 2")}${r("32", '<w:vertAlign w:val="superscript"/>')}${r(" rows of H")}${r("2", '<w:vertAlign w:val="subscript"/>')}${r("O.")}`,
      ) + p("<m:oMath><m:r><m:t>a+b=c</m:t></m:r></m:oMath>");
    assert.equal(await textOf(body), "It has 2^32 rows of H₂O.\n\n$a+b=c$");
  });

  it("keep code in lines of its own", async () => {
    const body = p("def f():", style("SourceCode")) + p("    return 1", style("SourceCode")) + p("Done.");
    assert.equal(await textOf(body), "```\ndef f():\n    return 1\n```\n\nDone.");
  });

  it("mark struck text, and leave out what a tracked change deletes", async () => {
    const body = p(
      `${r("Use ")}${r("one", "<w:strike/>")}${r(" two")}<w:ins><w:r><w:t> or three</w:t></w:r></w:ins><w:del><w:r><w:delText> or four</w:delText></w:r></w:del>${r(".")}`,
    );
    const { text, coverage } = await read(makeDocx(body));
    assert.equal(text, "Use ~~one~~ two or three.");
    assert.deepEqual(coverage?.dropped, [{ what: "deleted text", words: 2 }]);
  });

  it("put a footnote below its paragraph, and read links and content controls", async () => {
    const body =
      p(`${r("It began in 2019")}<w:r><w:footnoteReference w:id="2"/></w:r>${r(".")}`) +
      `<w:sdt><w:sdtContent>${p('<w:hyperlink r:id="rId4"><w:r><w:t>The site</w:t></w:r></w:hyperlink>')}</w:sdtContent></w:sdt>`;
    assert.equal(
      await textOf(body, { "2": "The register says so." }),
      "It began in 2019.\n\nThe register says so.\n\nThe site",
    );
  });

  it("are named where they are damaged, empty or no Word document", async () => {
    const whole = makeDocx(p("Text."));
    await assert.rejects(read(whole.subarray(0, whole.length - 40)), {
      code: "damaged-file",
      message: /plan\.docx/,
    });
    await assert.rejects(read(makeDocx(p(""))), { code: "empty-page" });
    await assert.rejects(read(aZip([{ name: "a.txt", content: Buffer.from("Text.") }])), {
      code: "unreadable",
      message: /documents \(\.docx/,
    });
  });

  it("unpack no more than they declare", async () => {
    const bomb = Buffer.alloc(70 * 1024 * 1024, "a");
    await assert.rejects(read(aZip([{ name: "word/document.xml", content: bomb, bytes: 1000 }])), {
      code: "damaged-file",
    });
    await assert.rejects(read(aZip([{ name: "word/document.xml", content: bomb }])), {
      code: "damaged-file",
    });
  });
});
