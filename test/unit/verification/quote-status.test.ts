import assert from "node:assert/strict";
import path from "node:path";
import { quoteStatus } from "../../../src/verification/quote-status.js";
import { openWorkspaceFiles } from "../../../src/verification/workspace-files.js";
import { aFolder } from "../../fakes/temporary-folder.js";

const never = new AbortController().signal;
const GUIDE =
  "---\ntitle: Keeping\n---\n\n# Keeping\n\nA **killed** session keeps [30 days](days.md)\nof `journals`.\n\n- It *goes on* where it ended.\n";
const RESET = "reset\n=====\n\n.. option:: --hard\n\n   Throws ``changes`` away, see :ref:`this <x>`.\n";

describe("quotes of a file as it is today", () => {
  const states = async (file: string, content: string, quotes: string[], line: number) => {
    const folder = await aFolder({ [file]: content });
    const files = openWorkspaceFiles(folder.path);
    try {
      const now = await files.read(path.join(folder.path, file), never);
      assert.ok(now !== null && now !== undefined);
      const place = { path: file, ranges: [{ first: line, last: line + 1 }] };
      return quotes.map((quote) => quoteStatus(quote, place as Parameters<typeof quoteStatus>[1], now));
    } finally {
      await files.close();
      await folder.remove();
    }
  };

  it("are found with the marks of Markdown, as earlier versions took them, and without", async () => {
    const quotes = [
      "A **killed** session keeps [30 days](days.md)\nof `journals`.",
      "A killed session keeps 30 days\nof `journals`.",
      "- It *goes on* where it ended.",
      "It goes on where it ended.",
    ];
    const [marked, shown, item, itemText] = await states("docs/a.md", GUIDE, quotes, 7);
    assert.deepEqual([marked?.problem, marked?.lines], [null, [7, 8]]);
    assert.deepEqual([shown?.problem, shown?.lines], [null, [7, 8]]);
    assert.equal(item?.problem?.kind, "moved");
    assert.deepEqual(itemText?.lines, [10, 10]);
  });

  it("are found with the marks of reStructuredText, and without", async () => {
    const quotes = [
      "Throws ``changes`` away, see :ref:`this <x>`.",
      "--hard: Throws `changes` away, see this.",
    ];
    for (const state of await states("a.rst", RESET, quotes, 6)) assert.equal(state.problem, null);
  });

  it("are changed where neither text has them", async () => {
    const [state] = await states("docs/a.md", GUIDE, ["A killed session keeps 90 days\nof `journals`."], 7);
    assert.equal(state?.problem?.kind, "changed");
  });
});
