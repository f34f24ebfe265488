import assert from "node:assert/strict";
import { ResearchError } from "../../../../src/common/errors.js";
import { extractPdfText } from "../../../../src/reading/documents/pdf.js";
import { makePdf, paragraph } from "../../../fakes/pdf.js";

describe("the text of a PDF", () => {
  it("comes in lines and paragraphs, each line with its page", async () => {
    const { text, pages, warnings } = await extractPdfText(
      makePdf([
        paragraph(["The session goes on", "where the journal ends.", "", "Nothing is asked twice."]),
        paragraph(["A second page begins here."]),
      ]),
    );
    assert.equal(
      text,
      "The session goes on\nwhere the journal ends.\n\nNothing is asked twice.\n\nA second page begins here.",
    );
    assert.deepEqual(pages, [1, 1, 1, 1, 2, 2]);
    assert.deepEqual(warnings, []);
  });

  it("puts words together that stand apart, and those that a line's end cut", async () => {
    const { text } = await extractPdfText(
      makePdf([
        [
          { text: "Two", x: 72, y: 700 },
          { text: "words", x: 100, y: 700 },
          { text: "beside an exam-", x: 140, y: 700 },
          { text: "ple of it.", x: 72, y: 686 },
        ],
      ]),
    );
    assert.equal(text, "Two words beside an example\nof it.");
  });

  it("loses heads, feet and page numbers that stand on most pages", async () => {
    const page = (number: number): ReturnType<typeof paragraph> => [
      { text: "Handbook of sessions", x: 72, y: 760 },
      ...paragraph([
        `Page text number ${["one", "two", "three", "four"][number] ?? ""} stands here.`,
        "And goes on.",
      ]),
      { text: `${number + 1}`, x: 300, y: 30 },
    ];
    const { text } = await extractPdfText(makePdf([0, 1, 2, 3].map(page)));
    assert.doesNotMatch(text, /Handbook|^\d$/m);
    assert.match(text, /number three stands here\./);
  });

  it("has the file's own title, where it is one, else its first large line", async () => {
    const lines = [
      { text: "How sessions go on", x: 72, y: 740, size: 22 },
      ...paragraph(["Small text.", "More of it."]),
    ];
    assert.equal((await extractPdfText(makePdf([lines], { title: "A good title" }))).title, "A good title");
    assert.equal(
      (await extractPdfText(makePdf([lines], { title: "Microsoft Word - draft7.doc" }))).title,
      "How sessions go on",
    );
    assert.equal((await extractPdfText(makePdf([paragraph(["Small text.", "More."])]))).title, "");
  });

  it("names what holds no text that could be quoted", async () => {
    await assert.rejects(extractPdfText(makePdf([[], []])), { code: "no-text-layer", message: /scanned/ });
    await assert.rejects(extractPdfText(makePdf([paragraph(["Secret."])], { isLocked: true })), {
      code: "password",
    });
    await assert.rejects(extractPdfText(Buffer.from("%PDF-1.4 nothing more")), { code: "damaged-file" });
    await assert.rejects(extractPdfText(Buffer.alloc(0)), { code: "damaged-file" });
  });

  it("reads what is left of a damaged one", async () => {
    const whole = makePdf([paragraph(["The session goes on."]), paragraph(["Nothing is asked twice."])]);
    const cut = whole.subarray(0, whole.indexOf("startxref"));
    assert.match((await extractPdfText(cut)).text, /session goes on/);
    const cyclic = makePdf([paragraph(["The session goes on."])], { isCyclic: true });
    const outcome = await extractPdfText(cyclic).then(
      ({ text }) => text,
      (error: unknown) => (error instanceof ResearchError ? error.code : String(error)),
    );
    assert.match(outcome, /goes on|damaged-file|no-text-layer/);
  }).timeout(15_000);
});
