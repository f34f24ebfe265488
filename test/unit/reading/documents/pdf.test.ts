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
    assert.deepEqual(pages, [1, 1, 1, 1, 1, 2]);
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
          { text: "Another example is here.", x: 72, y: 672 },
        ],
      ]),
    );
    assert.equal(text, "Two words beside an example\nof it.\nAnother example is here.");
  });

  it("keeps a hyphen at a line's end that may be part of the word", async () => {
    const lines = ["The hook is skipped with --no-", "verify in all cases."];
    const { text } = await extractPdfText(makePdf([paragraph(lines)]));
    assert.equal(text, "The hook is skipped with --no-verify\nin all cases.");
  });

  it("reads two columns one after the other, whatever their order in the file", async () => {
    const left = [
      "The left column begins with",
      "a sentence that runs on over",
      "several lines of text and",
      "then it ends in this line.",
    ];
    const right = [
      "The right column is another",
      "text, whose lines stand at",
      "the same height as those of",
      "the left one, and end here.",
    ];
    const rows = left.flatMap((line, n) => [
      { text: line, x: 72, y: 700 - n * 14 },
      { text: right[n] ?? "", x: 320, y: 700 - n * 14 },
    ]);
    const { text } = await extractPdfText(
      makePdf([
        [{ text: "A title over both of the columns, as papers have it, and long", x: 72, y: 740 }, ...rows],
      ]),
    );
    assert.ok(text.includes(left.join("\n")), text);
    assert.ok(text.includes(right.join("\n")), text);
  });

  it("keeps the cells of a table's row in one line", async () => {
    const rows = [
      ["Name", "Limit"],
      ["small", "5"],
      ["large", "90"],
      ["huge", "500"],
      ["none", "0"],
    ];
    const runs = rows.flatMap(([name = "", limit = ""], n) => [
      { text: name, x: 72, y: 700 - n * 14 },
      { text: limit, x: 300, y: 700 - n * 14 },
    ]);
    assert.match((await extractPdfText(makePdf([runs]))).text, /^large 90$/m);
  });

  it("marks raised and lowered text", async () => {
    const { text } = await extractPdfText(
      makePdf([
        [
          { text: "It has 2", x: 72, y: 700 },
          { text: "32", x: 108.5, y: 705, size: 7 },
          { text: "rows of H", x: 119, y: 700 },
          { text: "2", x: 167, y: 697, size: 7 },
          { text: "O.", x: 171, y: 700 },
        ],
      ]),
    );
    assert.match(text, /It has 2\^32 rows of H₂ ?O\./);
  });

  it("joins a sentence that goes on over a page's end", async () => {
    const { text, pages } = await extractPdfText(
      makePdf([
        paragraph(["First of all.", "", "The session goes on"]),
        paragraph(["where the journal ends.", "More."]),
      ]),
    );
    assert.match(text, /The session goes on\nwhere the journal ends\./);
    const at = text.split("\n").indexOf("where the journal ends.");
    assert.equal(pages[at], 2);
  });

  it("has headings where lines are larger, and counts what it left out", async () => {
    const page = (n: number): ReturnType<typeof paragraph> => [
      { text: "Handbook of sessions", x: 72, y: 780 },
      { text: `Part ${["one", "two", "three"][n] ?? ""}`, x: 72, y: 740, size: 20 },
      ...paragraph([
        `Some words of text number ${n + 1} are here,`,
        ["and they go on for a while", "so that much is said of it", "which nobody had expected"][n] ?? "",
        ["until this line ends it all.", "before the next page comes.", "when it began that day."][n] ?? "",
      ]),
    ];
    const { text, coverage } = await extractPdfText(makePdf([0, 1, 2].map(page)));
    assert.match(text, /^# Part two$/m);
    assert.deepEqual(coverage.dropped, [{ what: "headers and footers", words: 9 }]);
    assert.equal(coverage.kept, coverage.words);
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

  it("names the character maps that its text needs and that are not included", async () => {
    const chinese = makePdf([[{ text: "c4e3bac3", x: 72, y: 700 }]], { characterMap: "GBK-EUC-H" });
    await assert.rejects(extractPdfText(chinese), {
      code: "no-text-layer",
      message: /needs the character maps GBK-EUC-H.*, which are not included/,
    });
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
