import assert from "node:assert/strict";
import { findCandidateQuotes } from "../../../../src/core/evidence/candidate-quotes.js";
import { parseReport, splitReportLines, type TextRange } from "../../../../src/core/report/parse-report.js";
import {
  blockEdits,
  citationEdits,
  citationNumber,
  removalEdits,
  verdictEdits,
  type TextEdit,
  type NewQuote,
} from "../../../../src/core/report/report-edits.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import { aReport } from "../../../fakes/report.js";

const QUOTES = ["It keeps 30 days of journals.", "It goes on where the journal ends."];
const LINKS = { workspace: "../..", session: "../sessions/s" };

/** Applies edits as an editor does: all at once, by the places in the text that was there. */
function applied(text: string, edits: TextEdit[]): string {
  const lines = text.split("\n");
  const starts = lines.map((_, index) => lines.slice(0, index).join("\n").length + (index === 0 ? 0 : 1));
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column;
  return [...edits]
    .sort((a, b) => offset(b.at.line, b.at.start) - offset(a.at.line, a.at.start))
    .reduce(
      (now, { at, text: put }) =>
        now.slice(0, offset(at.line, at.start)) + put + now.slice(offset(at.endLine, at.end)),
      text,
    );
}

describe("edits of a report", () => {
  const report = aReport({
    quotes: QUOTES,
    claims: [
      { text: "It keeps 30 days." },
      { text: "It goes on.", verdict: "qualified", reason: "where it ends" },
    ],
    sections: [
      {
        heading: "Compared",
        paragraphs: [],
        table: {
          columns: ["what", "how"],
          rows: [{ text: "a | b", cells: ["a", "b"], evidence: ["e1"], verdict: "supported", reason: "" }],
        },
      },
    ],
  });
  const text = renderReport(report, LINKS);
  const line = (now: string, start: string): string =>
    now.split("\n").find((each) => each.startsWith(start)) ?? "";

  it("put a verdict in the place of another, take it away, and count anew", () => {
    const read = parseReport(text);
    const marked = applied(
      text,
      verdictEdits(text, read, read.sentences[0]!, "unsupported", "not [here] *at all*"),
    );
    assert.equal(
      line(marked, "It keeps 30 days."),
      "It keeps 30 days. [[1.1]](#source-1) *(unsupported: not \\[here\\] \\*at all\\*)*",
    );
    assert.equal(line(marked, "checked:"), "checked: 1 supported, 1 qualified, 0 not checked, 1 unsupported");
    const plain = applied(text, verdictEdits(text, read, read.sentences[1]!, "supported", ""));
    assert.equal(line(plain, "It goes on."), "It goes on. [[1.2]](#source-1)");
    assert.equal(line(plain, "checked:"), "checked: 3 supported, 0 qualified, 0 not checked, 0 unsupported");
    const row = applied(text, verdictEdits(text, read, read.sentences[2]!, "not-checked", ""));
    assert.equal(line(row, "| a"), "| a | b [[1.1]](#source-1) *(not checked)* |");
    // The same verdict again changes nothing, however often.
    const again = parseReport(marked);
    assert.equal(
      applied(marked, verdictEdits(marked, again, again.sentences[0]!, "unsupported", "not [here] *at all*")),
      marked,
    );
  });

  it("treat a block like a sentence, and put its quote back", () => {
    const [first] = report.summary;
    const shown = renderReport(
      { ...report, summary: [{ ...first!, asBlock: true, language: "sh" }], sections: [] },
      LINKS,
    );
    const read = parseReport(shown);
    const block = read.sentences[0]!;
    assert.deepEqual(blockEdits(shown, read, block), []);
    const marked = applied(shown, verdictEdits(shown, read, block, "unsupported", "not it"));
    assert.equal(line(marked, "[[1.1]]"), "[[1.1]](#source-1) *(unsupported: not it)*");
    assert.equal(parseReport(marked).sentences[0]?.block?.language, "sh");
    const bare = applied(shown, removalEdits(shown, read, block.citations[0]!));
    assert.equal(parseReport(bare).sentences.length, 0);
    assert.equal(line(bare, "checked:"), "checked: 0 supported, 0 qualified, 0 not checked, 0 unsupported");
    const changed = shown.replace("```sh\nIt keeps 30", "```sh\nIt keeps\n40");
    const now = parseReport(changed);
    assert.equal(applied(changed, blockEdits(changed, now, now.sentences[0]!)), shown);
  });

  it("take a citation away, and with the last one its mark", () => {
    const read = parseReport(text);
    const removed = applied(text, removalEdits(text, read, read.citations[1]!));
    assert.equal(line(removed, "It goes on."), "It goes on.");
    assert.equal(
      line(removed, "checked:"),
      "checked: 2 supported, 0 qualified, 0 not checked, 0 unsupported",
    );
    const two = text.replace("[[1.2]](#source-1)", "[[1.1]](#source-1) [[1.2]](#source-1)");
    const both = parseReport(two);
    const one = applied(two, removalEdits(two, both, both.citations[1]!));
    assert.equal(line(one, "It goes on."), "It goes on. [[1.2]](#source-1) *(qualified: where it ends)*");
  });

  it("cite a quote that is there by its number, and a new one below the others with its lines", () => {
    const added = text.replace("\n## Compared", "It lasts.\n\n## Compared");
    const read = parseReport(added);
    const at = stretch(added, "It lasts.");
    const known: NewQuote = { quote: QUOTES[1] ?? "", lines: [2, 2], source: 1 };
    assert.equal(citationNumber(read, known), "1.2");
    const reused = applied(
      added,
      citationEdits(added, read, at, known, { verdict: "supported", reason: "" }),
    );
    assert.equal(line(reused, "It lasts."), "It lasts. [[1.2]](#source-1)");
    assert.equal(line(reused, "checked:"), "checked: 3 supported, 1 qualified, 0 not checked, 0 unsupported");
    assert.equal(parseReport(reused).sources.get(1)?.quotes.length, 2);

    const fresh: NewQuote = { quote: "Snapshots *last*\nfor `ever`.", lines: [90, 91], source: 1 };
    const put = applied(
      added,
      citationEdits(added, read, at, fresh, { verdict: "qualified", reason: "so far" }),
    );
    assert.equal(line(put, "It lasts."), "It lasts. [[1.3]](#source-1) *(qualified: so far)*");
    const after = parseReport(put).sources.get(1);
    assert.ok(after !== undefined);
    assert.deepEqual(after.quotes, [...QUOTES, fresh.quote]);
    assert.deepEqual(after.file?.ranges.at(-1), { counts: "lines", first: 90, last: 91 });
    assert.match(put, /lines 1 to 2 and \[90 to 91\]\([^)]+#L90-L91\) at `9f2c1d0`, read on 2026-11-22\./);
    const third = parseReport(put);
    const more = applied(
      put,
      citationEdits(
        put,
        third,
        third.sentences[0]!,
        { quote: "More.", lines: [200, 200], source: 1 },
        { verdict: "supported", reason: "" },
      ),
    );
    assert.match(more, /and \[90 to 91\]\([^)]+\), \[200\]\([^)]+#L200\) at/);
    assert.equal(line(more, "It keeps"), "It keeps 30 days. [[1.1]](#source-1) [[1.4]](#source-1)");
  });

  it("add a source with its entry, and cite within a table's last cell", () => {
    const added = text.replace("| a | b [[1.1]](#source-1) |", "| a | b [[1.1]](#source-1) |\n| c | d |");
    const read = parseReport(added);
    const at = stretch(added, "| c | d |");
    const quote: NewQuote = {
      quote: "C is d.",
      lines: null,
      source: { entry: ["[A page](https://example.org/x), read on 2026-11-22.", '1. "C is d."'] },
    };
    assert.equal(citationNumber(read, quote), "2.1");
    const put = applied(added, citationEdits(added, read, at, quote, { verdict: "supported", reason: "" }));
    assert.ok(put.includes("| c | d [[2.1]](#source-2) |"));
    const after = parseReport(put);
    assert.deepEqual(after.sources.get(2)?.quotes, ["C is d."]);
    assert.equal(after.sources.get(2)?.url, "https://example.org/x");
  });

  it("leave a text with CRLF to the editor: places are the same", () => {
    const crlf = text.replaceAll("\n", "\r\n");
    const edits = [text, crlf].map((each) => {
      const read = parseReport(each);
      return verdictEdits(each, read, read.sentences[0]!, "qualified", "a");
    });
    assert.deepEqual(edits[0], edits[1]);
  });

  function stretch(markdown: string, said: string): TextRange {
    const lines = splitReportLines(markdown);
    const index = lines.findIndex((each) => each === said);
    return { line: index + 1, start: 0, endLine: index + 1, end: said.length };
  }
});

describe("candidates for a citation", () => {
  const texts = [
    {
      id: "a",
      format: "markdown" as const,
      text: "# Couriers\n\nA courier is asked three times. Then it is left alone.\n\nThe weather was fine.\n",
    },
    {
      id: "b",
      format: "markdown" as const,
      text: "# Ledger\n\nThe ledger is kept for 90 days.\n\n- A courier signs the ledger.\n",
    },
  ];

  it("are the sentences with most in common, best first, each once, as they stand", () => {
    const [first] = texts;
    assert.ok(first !== undefined);
    const found = findCandidateQuotes("Couriers are asked three times.", [...texts, { ...first, id: "c" }]);
    assert.deepEqual(
      found.slice(0, 1).map(({ quote, heading }) => [quote, heading]),
      [["A courier is asked three times.", "Couriers"]],
    );
    assert.equal(new Set(found.map(({ quote }) => quote)).size, found.length);
    for (const { id, quote, start, end } of found) {
      if (id !== "c") assert.equal(texts.find((each) => each.id === id)?.text.slice(start, end), quote);
    }
    assert.equal(
      found.some(({ quote }) => quote.includes("weather")),
      false,
    );
  });

  it("are five at most, and none where nothing has anything in common", () => {
    const text = Array.from({ length: 40 }, (_, n) => `The courier number ${n} is asked again.`).join("\n\n");
    assert.equal(
      findCandidateQuotes("Who asks the courier again?", [{ id: "d", format: "markdown", text }]).length,
      5,
    );
    assert.deepEqual(findCandidateQuotes("Zebras graze quietly.", texts), []);
  });
});
