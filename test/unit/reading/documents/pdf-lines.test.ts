import assert from "node:assert/strict";
import { joinRuns } from "../../../../src/reading/documents/pdf-lines.js";
import { readRuns } from "../../../../src/reading/documents/pdf-runs.js";

/** An item of text as pdf.js has it. */
function item(str: string, x: number, y: number, width: number, height = 11, fontName = "f1"): object {
  return { str, transform: [11, 0, 0, height, x, y], width, height, fontName, hasEOL: false };
}

function linesOf(items: object[]): string[] {
  return readRuns(items, () => false).flatMap((runs) => joinRuns(runs).map(({ text }) => text));
}

describe("the lines of a PDF", () => {
  it("have the words of Hebrew and Arabic in the order in which they are read", () => {
    // "סך הכל 2.9 3.5", by rows from left to right and by words from right to left.
    const seen = [
      item("3.5", 100, 700, 15),
      item("2.9", 160, 700, 15),
      item("הכל", 300, 700, 20),
      item("סך", 323, 700, 14),
    ];
    assert.deepEqual(linesOf(seen), ["סך הכל 2.9 3.5"]);
    assert.deepEqual(linesOf(seen.toReversed()), ["סך הכל 2.9 3.5"]);
    const mixed = [
      item("שלום לעולם", 200, 700, 54),
      item("Visual", 130, 700, 30),
      item("Studio", 163, 700, 34),
    ];
    assert.deepEqual(linesOf(mixed), ["שלום לעולם Visual Studio"]);
  });

  it("are told by the width of letters where a font has no height", () => {
    const words = (height: number): object[] => [
      item("The", 72, 700, 17, height),
      item(" ", 89, 700, 3, height),
      item("metho", 92, 700, 28, height),
      item(" ", 120, 700, 0.2, height),
      item("d", 120.2, 700, 5, height),
      item("is", 72, 688, 8, height),
      item("here.", 83, 688, 22, height),
    ];
    assert.deepEqual(linesOf(words(240)), ["The method", "is here."]);
    const small = words(0.24);
    assert.deepEqual(linesOf(small), ["The method", "is here."]);
  });

  it("have accents on their letters", () => {
    const names = [item("Pierre-Franc", 72, 700, 60), item("¸ois F´ısica Lemaˆıtre", 132, 700, 110)];
    assert.deepEqual(linesOf(names), ["Pierre-François Física Lemaître"]);
  });
});
