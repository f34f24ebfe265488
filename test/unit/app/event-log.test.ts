import assert from "node:assert/strict";
import { logEvents } from "../../../src/app/event-log.js";
import type { ResearchEvent } from "../../../src/core/domain/events.js";

describe("the log of a run", () => {
  it("says once what two questions of the same text searched", () => {
    const lines: string[] = [];
    const listen = logEvents({ write: (_level, line) => void lines.push(line) });
    const searched = (question: string, found: number): ResearchEvent => ({
      type: "searched",
      question,
      search: "workspace",
      found,
    });
    for (const event of [searched("Who?", 2), searched("Who?", 2), searched("When?", 2), searched("Who?", 3)])
      listen(event);
    assert.deepEqual(lines, [
      "Searched workspace: 2 found for “Who?”",
      "Searched workspace: 2 found for “When?”",
      "Searched workspace: 3 found for “Who?”",
    ]);
  });
});
