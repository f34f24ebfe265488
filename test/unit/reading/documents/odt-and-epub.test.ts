import assert from "node:assert/strict";
import { extractDocumentText } from "../../../../src/reading/documents/extract-text.js";
import { makeEpub, makeOdt } from "../../../fakes/odt.js";
import { aZip } from "../../../fakes/zip.js";

const read = (bytes: Uint8Array, address: string) =>
  extractDocumentText({ bytes, type: "", charset: null, address });
const p = (text: string, style = "Standard"): string => `<text:p text:style-name="${style}">${text}</text:p>`;

describe("OpenDocument texts", () => {
  it("are read as headings, paragraphs, lists and tables", async () => {
    const list = (items: string): string => `<text:list>${items}</text:list>`;
    const item = (inside: string): string => `<text:list-item>${inside}</text:list-item>`;
    const row = (...cells: string[]): string =>
      `<table:table-row>${cells.map((cell) => `<table:table-cell>${p(cell)}</table:table-cell>`).join("")}</table:table-row>`;
    const { text, title, coverage, warnings } = await read(
      makeOdt(
        '<text:h text:outline-level="1">Retry plan</text:h>' +
          p("Never:") +
          list(item(p("delete it") + list(item(p("at night")))) + item(p("move it"))) +
          `<table:table><table:table-header-rows>${row("Name", "Limit")}</table:table-header-rows>${row("large", "90 MB")}</table:table>` +
          p("Done."),
        "Plan of retries",
      ),
      "plan.odt",
    );
    assert.equal(title, "Plan of retries");
    assert.match(text, /^# Retry plan\n\nNever:\n\n?- delete it\n {2}- at night\n- move it\n/);
    assert.match(text, /\| Name: large \| Limit: 90 MB \|/);
    assert.match(text, /Done\.$/);
    assert.deepEqual([coverage?.words, warnings], [coverage?.kept, []]);
  });

  it("keep raised and struck text, spaces, links and notes, and leave out remarks and deleted text", async () => {
    const { text } = await read(
      makeOdt(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>secret plan</text:p></text:deletion></text:changed-region></text:tracked-changes>" +
          p(
            'It has 2<text:span text:style-name="T1">32</text:span> rows<text:s text:c="2"/>&amp; uses <text:span text:style-name="T2">one</text:span> &lt;two&gt;.' +
              "<office:annotation><text:p>ask Ann</text:p></office:annotation>" +
              "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Since 2019.</text:p></text:note-body></text:note>",
          ) +
          p("x = 1", "Preformatted_20_Text"),
      ),
      "plan.odt",
    );
    assert.match(text, /It has 2\^32 rows & uses ~~one~~ <two>\./);
    assert.match(text, /Since 2019\./);
    assert.match(text, /```\nx = 1\n```/);
    assert.doesNotMatch(text, /secret plan|ask Ann/);
  });

  it("are named where they are damaged or empty", async () => {
    const damaged = makeOdt(p("x")).subarray(0, 150);
    await assert.rejects(read(damaged, "notes/plan.odt"), /notes\/plan\.odt/);
    await assert.rejects(read(makeOdt(""), "plan.odt"), /contains no text/);
    const hollow = aZip([
      { name: "mimetype", content: Buffer.from("application/vnd.oasis.opendocument.text"), method: 0 },
    ]);
    await assert.rejects(read(hollow, "plan.odt"), /plan\.odt/);
  });
});

describe("e-books", () => {
  it("are read chapter by chapter, in the order of reading", async () => {
    const { text, title } = await read(
      makeEpub(
        {
          "b two": "<h1>Tides</h1><p>They rise twice a day.</p>",
          a: "<h1>Moon</h1><p>It pulls the water.</p>",
        },
        "Sea and sky",
      ),
      "sea.epub",
    );
    assert.equal(title, "Sea and sky");
    assert.equal(text, "# Tides\n\nThey rise twice a day.\n\n# Moon\n\nIt pulls the water.");
  });

  it("are named where they have no chapters", async () => {
    await assert.rejects(read(makeEpub({}), "sea.epub"), /sea\.epub/);
    await assert.rejects(read(makeEpub({ a: "x" }).subarray(0, 300), "sea.epub"), /sea\.epub/);
  });
});

describe("documents that are not read", () => {
  const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]);

  it("say what they are and what to save them as", async () => {
    await assert.rejects(
      read(ole, "https://files.example/notes.doc"),
      (error: Error & { remedy?: unknown }) => {
        assert.match(error.message, /notes\.doc: Word 97 files are not read/);
        return true;
      },
    );
    await assert.rejects(read(ole, "https://files.example/costs.xls"), /spreadsheets are not read/);
  });
});
