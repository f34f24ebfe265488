import assert from "node:assert/strict";
import { joinHeadings, splitHeadings } from "../../../../src/core/text/heading-trail.js";
import { plainHeadingText, splitPassages } from "../../../../src/core/text/passages.js";

describe("the trail of headings above a text", () => {
  it("gives back every heading, also with the sign between headings in it", () => {
    for (const headings of [[], ["Install"], ["Install", "Linux"], ["Jobs", "Wait: poll > 0", "a > b > c"]])
      assert.deepEqual(splitHeadings(joinHeadings(headings)), headings);
  });

  it("is that of a passage", () => {
    const [passage] = splitPassages("# Jobs\n\n## Wait: poll > 0\n\nIt waits.\n", "markdown");
    assert.deepEqual(splitHeadings(passage?.heading ?? ""), ["Jobs", "Wait: poll > 0"]);
  });
});

describe("the plain text of a heading", () => {
  it("keeps what stands in angle brackets, and leaves out tags", () => {
    assert.equal(plainHeadingText("## A `Foo<T>` of <name>"), "A Foo<T> of <name>");
    assert.equal(plainHeadingText('## <a name="x"></a>Install <br/> it'), "Install it");
  });
});
