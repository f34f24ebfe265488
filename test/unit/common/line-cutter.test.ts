import assert from "node:assert/strict";
import { LineCutter } from "../../../src/common/line-cutter.js";

describe("cutting a stream into lines", () => {
  const cut = (pieces: string[], most = 100) => {
    const cutter = new LineCutter(most);
    const lines = pieces.flatMap((piece) => [...cutter.add(Buffer.from(piece))]);
    const left = cutter.end();
    return [...lines, ...(left === null ? [] : [left])].map(({ bytes, ...rest }) => ({
      text: bytes.toString(),
      ...rest,
    }));
  };

  it("gives the same lines wherever the stream is cut", () => {
    const text = "one\n\nthree äö\nfour";
    const whole = cut([text]);
    assert.deepEqual(
      whole.map((line) => [line.text, line.offset, line.length, line.whole]),
      [
        ["one", 0, 3, true],
        ["", 4, 0, true],
        ["three äö", 5, 10, true],
        ["four", 16, 4, false],
      ],
    );
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at++) {
      const cutter = new LineCutter(100);
      const lines = [...cutter.add(bytes.subarray(0, at)), ...cutter.add(bytes.subarray(at)), cutter.end()];
      assert.deepEqual(
        lines.map((line) => line?.bytes.toString()),
        whole.map((line) => line.text),
      );
    }
  });

  it("leaves a line empty that is too long, and goes on behind it", () => {
    assert.deepEqual(cut(["x".repeat(60), "x".repeat(60), "\nshort\n"]), [
      { text: "", offset: 0, length: 120, whole: true },
      { text: "short", offset: 121, length: 5, whole: true },
    ]);
  });
});
