import assert from "node:assert/strict";
import fc from "fast-check";
import { splitPassages } from "../../../../src/core/text/passages.js";
import { rankPassages, tokenize } from "../../../../src/core/text/rank-passages.js";
import { splitSentences } from "../../../../src/core/text/sentences.js";

function split(text: string, format: "markdown" | "code" = "markdown"): string[] {
  return splitSentences(text, format).map(({ start, end }) => text.slice(start, end));
}

describe("passages", () => {
  it("puts Markdown under its trail of headings and keeps fences whole", () => {
    const text =
      "# Install\n\nRead this.\n\n## Linux {#linux}\n\nRun:\n\n```sh\n# no heading\n\napt install x\n```\n\n## macOS\n\nUse brew.\n";
    const found = splitPassages(text, "markdown");
    assert.deepEqual(
      found.map(({ heading }) => heading),
      ["Install", "Install > Linux", "Install > macOS"],
    );
    assert.ok(found[1]?.text.includes("# no heading\n\napt install x\n```"));
  });

  it("puts code under the signature of its definition", () => {
    const text =
      "import x from 'y';\n\nexport function load(path: string): void {\n  read(path);\n\n  done();\n}\n\nclass Store {\n  a = 1;\n}\n";
    const headings = splitPassages(text, "code").map(({ heading }) => heading);
    assert.ok(headings.includes("export function load(path: string): void"));
    assert.ok(headings.includes("class Store"));
  });

  it("cuts a huge line and never a surrogate pair", () => {
    for (const { text } of splitPassages("😀".repeat(5000), "markdown")) {
      assert.ok(text.length <= 1500);
      assert.ok(!/\p{Surrogate}/u.test(text));
    }
  });

  it("gives stretches of the text, in order, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300, unit: "binary" }),
        fc.constantFrom("markdown", "code"),
        (text, format) => {
          let last = 0;
          for (const { start, end, text: part } of splitPassages(text, format)) {
            assert.ok(start >= last && end >= start);
            assert.equal(text.slice(start, end), part);
            last = end;
          }
        },
      ),
    );
  });
});

describe("sentences", () => {
  it("begin with a code span too", () => {
    const text = "Its outcome is kept. `resume ID` runs again, e.g. `resume 7` does. Done.";
    assert.deepEqual(
      splitSentences(text).map(({ start, end }) => text.slice(start, end)),
      ["Its outcome is kept.", "`resume ID` runs again, e.g. `resume 7` does.", "Done."],
    );
  });

  it("does not end one after an abbreviation or inside a version", () => {
    const text = "See Dr. Smith, e.g. in Fig. 3. Version 1.2 is new. It works.";
    assert.deepEqual(split(text), ["See Dr. Smith, e.g. in Fig. 3.", "Version 1.2 is new.", "It works."]);
  });

  it("runs over hard wraps, and stops at items, headings and rows", () => {
    const text =
      "# Title\nA sentence that is wrapped by hand\nruns on here. Next one.\n- one item\n- another item\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    assert.deepEqual(split(text).slice(0, 5), [
      "# Title",
      "A sentence that is wrapped by hand\nruns on here.",
      "Next one.",
      "- one item",
      "- another item",
    ]);
  });

  it("splits Japanese", () => {
    assert.equal(split("設定を保存します。次に再起動します。").length, 2);
  });
});

describe("tokenize", () => {
  it("finds the parts of names, in any case, lightly stemmed", () => {
    assert.deepEqual(tokenize("maxRetries"), ["maxretries", "max", "retri"]);
    // The plural of an acronym is a form of it.
    assert.deepEqual(tokenize("URLs"), tokenize("URL"));
    assert.deepEqual(tokenize("listURLs"), ["listurls", "list", "url"]);
    assert.ok(tokenize("--max-retries").includes("retri"));
    assert.deepEqual(tokenize("configured"), tokenize("configure"));
    assert.deepEqual(tokenize("Café"), ["cafe"]);
  });

  it("finds words where no blanks stand between them", () => {
    assert.ok(tokenize("設定を保存します").includes("保存"));
  });
});

describe("rankPassages", () => {
  it("puts the passage that answers first and loses none", () => {
    const all = splitPassages(
      "# A\n\nNothing of use here.\n\n# B\n\nRetries are limited to five.\n",
      "markdown",
    );
    const ranked = rankPassages(all, ["How many retries?"]);
    assert.equal(ranked[0]?.heading, "B");
    assert.equal(ranked.length, all.length);
  });
});
