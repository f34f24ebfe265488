import assert from "node:assert/strict";
import { ResearchError } from "../../../../src/common/errors.js";
import { extractPdfText } from "../../../../src/reading/documents/pdf.js";
import { makePdf, paragraph, type PdfLine } from "../../../fakes/pdf.js";

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

  it("has code with its indentation, its blank lines and the gaps in it", async () => {
    const code = (text: string, x: number, y: number): PdfLine => ({ text, x, y, isCode: true, size: 10 });
    const { text } = await extractPdfText(
      makePdf([
        [
          ...paragraph(["The first lines of the program are these, and nothing else is needed for it."]),
          code("if (ready) {", 90, 672),
          code("start();", 114, 660),
          code("// at once", 192, 660),
          code("}", 90, 648),
          code("stop();", 90, 624),
          ...paragraph(["Then it goes on as a program does that has no more of them to show."], 600),
        ],
      ]),
    );
    assert.match(text, /```\nif \(ready\) \{\n {4}start\(\); {5}\/\/ at once\n\}\n\nstop\(\);\n```/);
  });

  it("reads turned pages, and what is turned on a page apart from its text", async () => {
    const turned = (text: string, x: number, y: number): PdfLine => ({ text, x, y, isTurned: true });
    const { text } = await extractPdfText(
      makePdf([
        [turned("small", 100, 72), turned("90", 100, 300), turned("large", 114, 72), turned("500", 114, 300)],
      ]),
    );
    assert.equal(text, "small 90\nlarge 500");
    const margin = await extractPdfText(
      makePdf([[...paragraph(["The text of the page", "goes on here."]), turned("Draft 7", 30, 690)]]),
    );
    assert.match(margin.text, /The text of the page\ngoes on here\.\n+Draft 7/);
  });

  it("joins words that lines part, by the words of the document", async () => {
    const words = Array.from(
      { length: 320 },
      (_, n) => `w${Array.from(n.toString(4), (digit) => "amot"[Number(digit)]).join("")}`,
    );
    const filler = Array.from({ length: 32 }, (_, n) => words.slice(n * 10, n * 10 + 10).join(" "));
    const { text } = await extractPdfText(
      makePdf([
        paragraph([
          "A line counts, and time is a word; long-lived is another.",
          "It has changed with tech-",
          "nological means and in real-",
          "time for a long-",
          "lived task with --no-",
          "verify at last.",
        ]),
        paragraph(filler),
      ]),
    );
    assert.match(text, /with technological/);
    assert.match(text, /a long-lived/);
    assert.match(text, /--no-verify/);
  });

  it("goes on over a column's end, and over notes at the foot", async () => {
    const line = (text: string, x: number, y: number, size = 11): PdfLine => ({ text, x, y, size });
    const { text } = await extractPdfText(
      makePdf([
        [
          line("The left column begins with", 72, 700),
          line("a sentence that runs on over", 72, 686),
          line("several lines of text and", 72, 672),
          line("has no end in it, while the", 72, 658),
          line("1 A note that is set small.", 72, 620, 8),
          line("right column has the rest.", 320, 700),
          line("A further sentence follows it", 320, 686),
          line("in three lines that are here", 320, 672),
          line("so that it is a column.", 320, 658),
          line("It ends with this line.", 320, 644),
        ],
      ]),
    );
    assert.match(text, /while the\nright column has the rest\./);
    assert.match(text, /\n\n1 A note that is set small\./);
  });

  it("loses heads that differ by chapter, by the number of the page", async () => {
    const page = (chapter: string, number: number): PdfLine[] => [
      { text: `${chapter} ${number}`, x: 72, y: 760 },
      ...paragraph(
        Array.from(
          { length: 6 },
          (_, n) => `Line ${"abcdef".charAt(n)} of ${chapter} and ${"xyzuv".charAt(number - 7)}`,
        ),
      ),
    ];
    const chapters = ["Beginnings", "Beginnings", "Middles", "Ends", "Notes"];
    const { text } = await extractPdfText(makePdf(chapters.map((chapter, n) => page(chapter, n + 7))));
    assert.doesNotMatch(text, /\d/);
  });

  it("has bullets as items, with the sentence that leads to them", async () => {
    const { text } = await extractPdfText(
      makePdf([
        paragraph(["It is removed if you:", "\x95 ask for it twice", "and wait", "\x95 end the run."]),
      ]),
    );
    assert.equal(text, "It is removed if you:\n- ask for it twice\n  and wait\n- end the run.");
  });

  it("reads text once that is drawn twice in place of bold letters", async () => {
    const { text } = await extractPdfText(
      makePdf([
        [
          { text: "Important", x: 72, y: 700 },
          { text: "Important", x: 72.4, y: 700 },
          { text: "No rest.", x: 72, y: 686 },
        ],
      ]),
    );
    assert.equal(text, "Important\nNo rest.");
  });

  it("refuses text whose letters are not those that are seen", async () => {
    const line = "QcW s^Wa r_Sa s Q\\[r WaO nx\\jzmK T@O k_J p`mn Z%a";
    await assert.rejects(extractPdfText(makePdf([paragraph(Array.from({ length: 20 }, () => line))])), {
      code: "no-text-layer",
      message: /do not say which letters/,
    });
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
