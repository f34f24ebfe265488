import assert from "node:assert/strict";
import { entryName, isNameHeading, namesIn } from "../../../../src/core/text/entry-name.js";

describe("entryName", () => {
  const cases: [string, string | null][] = [
    ["- waitTime `number | null` (optional) - How long to wait.", "waitTime"],
    ["- `--force`: Overwrites files.", "--force"],
    ["- `-f`, `--force`: Overwrites files.", "-f, --force"],
    ["- `boost: { title: 2 }` counts titles twice.", "boost: { title: 2 }"],
    ["- -p port, --port=PORT: Connects to this port.", "-p port, --port=PORT"],
    ["  - std::map: A tree.", "std::map"],
    ["- Skip the current line: `<!-- skip -->`", "Skip the current line"],
    ['- "Moored". The boat lies at a dock.', "Moored"],
    ["- **bold** words begin it", null],
    ["- Use a boat. It is best: always.", null],
    ["- The boat (see above) is late.", null],
    ["Not an item: at all.", null],
    ["1. First: do this.", null],
    ["-", null],
  ];
  for (const [item, name] of cases)
    it(`finds ${name ?? "no name"} in "${item}"`, () => {
      assert.equal(entryName(item), name);
    });
});

describe("isNameHeading", () => {
  it("tells names from phrases", () => {
    for (const name of [
      "`prefixUrl`",
      "--exclude=PATTERN",
      "Restart=",
      "sharedscripts",
      "ServerAliveInterval",
      "process.exit([code])",
    ])
      assert.equal(isNameHeading(name), true, name);
    for (const phrase of [
      "Getting started",
      "Options",
      "NAME",
      "How to install it",
      "`R12` - Boats are late",
      "",
    ])
      assert.equal(isNameHeading(phrase), false, phrase);
  });
});

describe("namesIn", () => {
  it("gives the name of a heading and those of the entries below it", () => {
    const text = "These are all:\n- `fast`: At once.\n- `slow`: Later.\nNo more.";
    assert.deepEqual(namesIn("Guide > maxSpeed", text), ["maxSpeed", "fast", "slow"]);
    assert.deepEqual(namesIn("Guide > The speeds", text), ["fast", "slow"]);
  });
});
