import assert from "node:assert/strict";
import {
  numberUnits,
  rangeOfUnits,
  renderNumberedPassage,
} from "../../../../src/core/prompts/numbered-units.js";

const TEXT = `The port is 80. It can be changed:

- with \`--port\`
- in the file

\`\`\`sh
serve --port 81
serve --help

serve --stop
\`\`\`

| Port | Use |
| --- | --- |
| 80 | plain |`;

describe("numbered units", () => {
  const passages = [
    { heading: "", text: TEXT },
    { heading: "", text: "Another passage. It has two sentences." },
  ];
  const units = numberUnits({ passages, format: "markdown" });
  const textOf = (first: number, last: number): string | null => {
    const range = rangeOfUnits(units, first, last);
    return range === null ? null : passages[range.passage]!.text.slice(range.start, range.end);
  };

  it("are sentences, items, rows, and lines of code that belong together", () => {
    assert.deepEqual(
      units.map(({ passage, start, end }) => passages[passage]!.text.slice(start, end)),
      [
        "The port is 80.",
        "It can be changed:",
        "- with `--port`",
        "- in the file",
        "serve --port 81\nserve --help",
        "serve --stop",
        "| Port | Use |",
        "| --- | --- |",
        "| 80 | plain |",
        "Another passage.",
        "It has two sentences.",
      ],
    );
  });

  it("stand in front of their text, and taking them away gives the text back", () => {
    const rendered = renderNumberedPassage(TEXT, 0, units);
    assert.ok(rendered.startsWith("[#1] The port is 80. [#2] It can be changed:\n\n[#3] - with"));
    assert.equal(rendered.replace(/\[#\d+\] /g, ""), TEXT);
    assert.equal(
      renderNumberedPassage(passages[1]!.text, 1, units),
      "[#10] Another passage. [#11] It has two sentences.",
    );
  });

  it("give the words of a range, which ends with its passage", () => {
    assert.equal(textOf(2, 4), "It can be changed:\n\n- with `--port`\n- in the file");
    assert.equal(textOf(5, 6), "serve --port 81\nserve --help\n\nserve --stop");
    assert.equal(textOf(9, 11), "| 80 | plain |");
    assert.equal(textOf(4, 2), "- in the file");
    for (const none of [0, -1, 12, 1.5, Number.NaN]) assert.equal(textOf(none, none), null);
  });

  it("keep a range short, whatever numbers are given", () => {
    const long = [{ heading: "", text: "This is a sentence of some length. ".repeat(500) }];
    const many = numberUnits({ passages: long, format: "markdown" });
    const range = rangeOfUnits(many, 1, 1e9);
    assert.ok(range !== null && range.end <= 1500 && range.end > 1400);
  });

  it("are few in code: lines up to a blank one", () => {
    const code = "// Opens a file.\nexport function open() {\n  return 1;\n}\n\nexport const A = 1;\n";
    const found = numberUnits({ passages: [{ text: code }], format: "code" });
    assert.deepEqual(
      found.map(({ start, end }) => code.slice(start, end)),
      ["// Opens a file.\nexport function open() {\n  return 1;\n}", "export const A = 1;"],
    );
  });
});
