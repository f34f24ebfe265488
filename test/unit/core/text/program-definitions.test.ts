import assert from "node:assert/strict";
import { splitPassages } from "../../../../src/core/text/passages.js";
import { definedName, findSignature } from "../../../../src/core/text/program-definitions.js";

describe("definitions of a program", () => {
  it("are known by their first line, at the top and in a class", () => {
    for (const [line, signature, name] of [
      [
        "export async function load(path: string): Promise<void> {",
        "export async function load(path: string): Promise<void>",
        "load()",
      ],
      ["    def put(self, item, block=True):", "def put(self, item, block=True)", "put()"],
      [
        "  private async performVacuuming (options: Options = {}) {",
        "private async performVacuuming (options: Options = {})",
        "performVacuuming()",
      ],
      ["Store.prototype.read = function(id) {", "Store.prototype.read", "read"],
      ["class Store extends Base {", "class Store extends Base", "Store"],
      ["static int read_all(FILE *file)", "static int read_all(FILE *file)", "read_all()"],
      ["export const LIMIT: number = 3;", "export const LIMIT: number", "LIMIT"],
    ] as const) {
      assert.equal(findSignature(line), signature);
      assert.equal(definedName(signature), name);
    }
  });

  it("are no statements, calls, or variables inside of another", () => {
    for (const line of [
      "  if (a) {",
      "  } else if (b) {",
      "  return read(id, function(error) {",
      "  it('reads', () => {",
      "  read(id, function(error) {",
      "  const a = 1;",
      "read(id);",
      "The class of a thing (as above) is kept.",
    ])
      assert.equal(findSignature(line), null, line);
  });

  it("begin passages with the comment above them, below the names around them", () => {
    const text = [
      "class Queue:",
      '    """A queue."""',
      "",
      "    # Puts an item",
      "    # into it.",
      "    @locked",
      "    def put(self, item):",
      "        self.items.append(item)",
      "",
      "        self.changed()",
      "",
      "    def get(self):",
      "        return self.items.pop()",
      "",
      "LIMIT = 3",
    ].join("\n");
    assert.deepEqual(
      splitPassages(text, "code").map(({ heading, text: part }) => [heading, part.split("\n")[0]?.trim()]),
      [
        ["class Queue", "class Queue:"],
        ["class Queue > def put(self, item)", "# Puts an item"],
        ["class Queue > def get(self)", "def get(self):"],
        ["", "LIMIT = 3"],
      ],
    );
  });
});
