import assert from "node:assert/strict";
import { findLinkTargetRanges } from "../../../../src/vscode/report-editor/link-ranges.js";

describe("the links in a report's text", () => {
  it("are found where they stand: in brackets, in angles, as definitions and by themselves", () => {
    const text = [
      "See [a](../x.md) and [b](<../a b.md> 'title').",
      '\\[c]( ../y.md "t") <command:quit> <b>',
      "[d]: ../../z.md",
      "[e]: <file:///etc/passwd>",
    ].join("\r\n");
    const lines = text.split("\r\n");
    const found = findLinkTargetRanges(text);
    assert.deepEqual(
      found.map(({ href }) => href),
      ["../x.md", "../a b.md", "../y.md", "command:quit", "../../z.md", "file:///etc/passwd"],
    );
    for (const { line, start, end, href } of found) assert.equal(lines[line]?.slice(start, end), href);
  });

  it("are found in a second, whatever a line holds", () => {
    for (const part of ["](", "[", "](<", "<a:", "[a]: ", "](".repeat(9) + " "]) {
      const began = performance.now();
      findLinkTargetRanges(part.repeat(Math.ceil(2_000_000 / part.length)));
      findLinkTargetRanges(part.repeat(30_000) + "x".repeat(1_000_000));
      const took = performance.now() - began;
      assert.ok(took < 2000, `${JSON.stringify(part)}: ${took} ms`);
    }
  });
});
