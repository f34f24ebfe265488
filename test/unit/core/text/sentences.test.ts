import assert from "node:assert/strict";
import { splitSentences } from "../../../../src/core/text/sentences.js";

describe("sentences of a text", () => {
  const split = (text: string): string[] =>
    splitSentences(text).map(({ start, end }) => text.slice(start, end));

  it("go on behind a line that ends in a comma, also inside brackets", () => {
    const text =
      "Everything that costs something (a model call, a search,\nreading a page) is a durable step. It is kept.";
    assert.deepEqual(split(text), [
      "Everything that costs something (a model call, a search,\nreading a page) is a durable step.",
      "It is kept.",
    ]);
  });

  it("are not made of prose that begins with a keyword and marks its code", () => {
    const text = "They may\nimport `src/app`, its types and `src/common`: nothing else.";
    assert.deepEqual(split(text), [text]);
  });

  it("go on behind a short line that ends with an open bracket or a small word", () => {
    for (const text of [
      "`ips` is a list (only when\n`trustProxy` is on).",
      "It boils. The time comes from the\nKettle file, which stands beside it.",
    ])
      assert.equal(split(text).at(-1), text.slice(text.startsWith("`") ? 0 : 10), text);
  });

  it("are none in lines of code, each of which stands alone", () => {
    const text = "connect(host, port,\n  timeout)\nconst a = [1,\n2];";
    assert.deepEqual(split(text), ["connect(host, port,", "timeout)", "const a = [1,", "2];"]);
  });
});
