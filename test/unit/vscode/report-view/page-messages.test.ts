import assert from "node:assert/strict";
import { HostMessage, PageMessage } from "../../../../src/vscode/report-view/page-messages.js";

describe("the messages of the report view", () => {
  it("from the page are taken in the known shapes only", () => {
    const good: unknown[] = [
      { type: "ready" },
      { type: "open", n: "1.2", at: "source" },
      { type: "open", n: "3", at: "snapshot" },
      { type: "edit", key: 4 },
      { type: "action", name: "verify" },
      { type: "ask", question: "And then?" },
      { type: "control", name: "finish" },
      { type: "skip-question", id: "q12" },
    ];
    for (const message of good)
      assert.equal(PageMessage.safeParse(message).success, true, JSON.stringify(message));
  });

  const bad: [string, unknown][] = [
    ["none", undefined],
    ["a text", "ready"],
    ["an unknown type", { type: "eval", code: "1" }],
    ["a path as citation", { type: "open", n: "../../etc/passwd", at: "source" }],
    ["a very long number", { type: "open", n: "1234567.1", at: "source" }],
    ["another place", { type: "open", n: "1.1", at: "https://example.org" }],
    ["a fraction", { type: "edit", key: 1.5 }],
    ["a negative key", { type: "edit", key: -1 }],
    ["a command as action", { type: "action", name: "workbench.action.terminal.new" }],
    ["an empty question", { type: "ask", question: "" }],
    ["an endless question", { type: "ask", question: "x".repeat(4001) }],
    ["a question that is no text", { type: "ask", question: { toString: "x" } }],
    ["an id that is none", { type: "skip-question", id: "q1; rm" }],
    ["an unknown control", { type: "control", name: "delete" }],
  ];
  for (const [what, message] of bad) {
    it(`refuse ${what}`, () => assert.equal(PageMessage.safeParse(message).success, false));
  }

  it("to the page carry web addresses only", () => {
    const source = (page: string): unknown => ({
      type: "report",
      report: {
        id: "", title: "", question: "", notes: [], facts: [], problems: [], missing: null, blocks: [], canRun: true,
        checked: { verified: 0, all: 0, label: "", when: "" }, changes: { label: "", items: [] },
        sources: [{ number: 1, title: "", place: "", kind: "", readOn: "", sha256: "", quotes: [], citedBy: [], hasFile: false, hasSnapshot: false, page }],
      },
    }); // prettier-ignore
    assert.equal(HostMessage.safeParse(source("https://example.org/")).success, true);
    for (const page of ["javascript:alert(1)", "command:x", "//example.org", " https://example.org"])
      assert.equal(HostMessage.safeParse(source(page)).success, false, page);
  });
});
