import assert from "node:assert/strict";
import type { ListedSession } from "../../../../src/app/sessions.js";
import {
  applyFilter,
  compareRunningFirst,
  groupSessions,
  NO_FILTER,
} from "../../../../src/vscode/sessions-view/group-sessions.js";

const now = new Date(2026, 10, 25, 12);
const day = 24 * 60 * 60 * 1000;
const listed = (given: Partial<ListedSession> & { daysAgo?: number }): ListedSession => {
  const { daysAgo = 0, ...rest } = given;
  const started = new Date(now.getTime() - daysAgo * day).toISOString();
  return { id: "s", question: "How?", status: "done", started, report: null, ...rest };
};

describe("the sessions in the view", () => {
  it("stand in groups by their day, what runs with today's and first, what is archived last", () => {
    const groups = groupSessions(
      [
        listed({ id: "today" }),
        listed({ id: "week", daysAgo: 3 }),
        listed({ id: "month", daysAgo: 20 }),
        listed({ id: "runs", daysAgo: 50, status: "running" }),
        listed({ id: "older", daysAgo: 60 }),
        listed({ id: "gone", daysAgo: 1, archived: true }),
      ],
      now,
    );
    assert.deepEqual(
      groups.map(({ key, sessions }) => [key, sessions.map(({ id }) => id)]),
      [
        ["today", ["runs", "today"]],
        ["week", ["week"]],
        ["month", ["month"]],
        ["older", ["older"]],
        ["archived", ["gone"]],
      ],
    );
    assert.deepEqual(
      compareRunningFirst([listed({ id: "a" }), listed({ id: "b", daysAgo: 9, status: "running" })])[0]?.id,
      "b",
    );
  });

  it("are found by words of question or name in any order, and by their state", () => {
    const sessions = [
      listed({ id: "a", question: "How does a killed session continue?" }),
      listed({ id: "b", question: "How?", name: "Killed runs", status: "failed" }),
      listed({ id: "c", question: "Why?", archived: true }),
    ];
    const ids = (text: string, ...states: ("failed" | "done" | "archived")[]): string[] =>
      applyFilter(sessions, { text, states }).map(({ id }) => id);
    assert.deepEqual(ids("KILLED"), ["a", "b"]);
    assert.deepEqual(ids("continue killed"), ["a"]);
    assert.deepEqual(ids("", "failed", "archived"), ["b", "c"]);
    assert.deepEqual(ids("killed", "done"), ["a"]);
    assert.equal(applyFilter(sessions, NO_FILTER).length, 3);
  });
});
