import assert from "node:assert/strict";
import { findFirstChangedLine } from "../../../../src/vscode/refresh/first-changed-line.js";

describe("the first changed line of a refreshed report", () => {
  const text = (date: string, ...lines: string[]): string =>
    ["---", `date: ${date}`, "---", "", ...lines].join("\n");

  it("is below the front matter", () => {
    const before = text("2026-11-21", "# Title", "", "It keeps 30 days.");
    assert.equal(findFirstChangedLine(before, text("2026-11-22", "# Title", "", "It keeps 45 days.")), 6);
    assert.equal(findFirstChangedLine(before, text("2026-11-22", "# Title", "", "It keeps 30 days.")), 3);
  });

  it("is found where the front matters differ in length, and in files with other line ends", () => {
    const before = ["---", "a: 1", "b: 2", "---", "", "old"].join("\r\n");
    assert.equal(findFirstChangedLine(before, ["---", "a: 1", "---", "", "new"].join("\n")), 4);
    assert.equal(findFirstChangedLine("one\ntwo", "one\nthree"), 1);
  });
});
