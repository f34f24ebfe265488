import assert from "node:assert/strict";
import { splitQuotableUnits } from "../../../../src/models/offline/quotable-units.js";

function unitsOf(text: string): [string, string][] {
  return splitQuotableUnits({ heading: "", text }, 0, "code").map(({ kind, quote }) => [kind, quote]);
}

describe("what can be quoted of a program", () => {
  it("is its code, and the sentences of its comments", () => {
    const code =
      "function read(id) {\n  // The cache holds what was read before.\n  return cache.get(id) ?? load(id);\n}";
    assert.deepEqual(unitsOf(code), [
      ["code", code],
      ["sentence", "The cache holds what was read before."],
    ]);
  });

  it("is a comment alone where only imports or a signature stand beside it", () => {
    const why =
      "kettle-queue is not used because it holds a slot while a task waits for anything else in the world.";
    assert.deepEqual(unitsOf(`import { a } from "./a.js";\n\n/*\n * ${why}\n */`), [["sentence", why]]);
    const text =
      'def put(self, item):\n    """Puts an item into the queue.\n\n    It waits until there is a free slot.\n    Nothing is put twice into it.\n    The order is kept.\n';
    assert.deepEqual(unitsOf(text), [
      ["sentence", "Puts an item into the queue."],
      ["sentence", "It waits until there is a free slot."],
      ["sentence", "Nothing is put twice into it."],
      ["sentence", "The order is kept."],
    ]);
  });

  it("is prose in the middle of a long documentation string", () => {
    const prose =
      "The optional name is shown in the list of all queues.\nIf it is given, no other queue may have the same name.";
    assert.deepEqual(
      unitsOf(prose).map(([kind]) => kind),
      ["sentence", "sentence"],
    );
  });
});
