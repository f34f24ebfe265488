import assert from "node:assert/strict";
import type { Message } from "../../../../src/common/messages.js";
import { formatMessage } from "../../../../src/common/messages.js";
import type { HistoryReader } from "../../../../src/reading/history/history-reader.js";
import {
  asksForHistory,
  findCodeNames,
  findFileNames,
} from "../../../../src/search/history/history-question.js";
import { createHistorySearch } from "../../../../src/search/history/history-search.js";
import { EMPTY_READING } from "../../../../src/core/domain/empty-reading.js";

const never = new AbortController().signal;
const id = (letter: string): string => letter.repeat(40);

const commits = [
  {
    commit: id("a"),
    day: "2026-01-03",
    subject: "Limit each model on its own",
    body: "A queue limits concurrency only.",
  },
  { commit: id("b"), day: "2026-01-02", subject: "Write the journal", body: "" },
  { commit: id("c"), day: "2026-01-01", subject: "Begin", body: "" },
];

function history(state: Awaited<ReturnType<HistoryReader["state"]>> = "whole"): HistoryReader {
  return {
    state: () => Promise.resolve(state),
    messages: () => Promise.resolve(commits),
    commitsWith: (text) => Promise.resolve(text === "p-queue" ? [id("b")] : []),
    blame: (file) =>
      Promise.resolve(file === "src/a.ts" ? [{ commit: id("c"), text: "const limiter = 1;" }] : []),
    read: () => Promise.resolve({ ...EMPTY_READING, title: "", text: "", commit: null }),
  };
}

async function find(
  question: string,
  {
    scopes = ["history"],
    state = "whole" as const,
  }: { scopes?: ("workspace" | "history")[]; state?: Awaited<ReturnType<HistoryReader["state"]>> } = {},
) {
  const notices: Message[] = [];
  const search = createHistorySearch(
    history(state),
    () => Promise.resolve(["src/a.ts"]),
    { question, scopes },
    (each) => notices.push(each),
  );
  const { value } = await search.search({ id: "q0", question, query: question }, 10, never);
  const found = value.hits.map(({ place }) => (place.kind === "commit" ? place.commit.charAt(0) : ""));
  return { found, notices: notices.map(formatMessage) };
}

describe("the search of a history", () => {
  it("finds commits by what they say, what came or went, and the lines of a named file", async () => {
    assert.deepEqual((await find("Why has each model a limit of its own?")).found, ["a"]);
    assert.deepEqual((await find("Since when do we use p-queue?")).found[0], "b");
    assert.ok((await find("Why is there a limiter in src/a.ts?")).found.includes("c"));
  });

  it("answers beside the workspace only where the question asks for the history", async () => {
    const scopes: ("workspace" | "history")[] = ["workspace", "history"];
    assert.deepEqual((await find("How is each model limited?", { scopes })).found, []);
    assert.deepEqual((await find("Why is each model limited?", { scopes })).found, ["a"]);
  });

  it("says what it cannot read", async () => {
    assert.match((await find("Why?", { state: "shallow" })).notices.join(), /shallow/);
    assert.match((await find("Why?", { state: "none" })).notices.join(), /not in a git repository/);
    assert.match((await find("Why?", { state: "unreadable" })).notices.join(), /git is missing/);
    assert.deepEqual((await find("Why?")).notices, []);
  });
});

describe("a question about the history", () => {
  it("is told by its words", () => {
    for (const question of [
      "Why is it so?",
      "Since when?",
      "When was it added?",
      "Warum ist das so?",
      "What changed in zod 4?",
    ])
      assert.equal(asksForHistory(question), true, question);
    for (const question of ["How is it done?", "When a page fails, what happens?", "What is a commitment?"])
      assert.equal(asksForHistory(question), false, question);
  });

  it("names code and files", () => {
    assert.deepEqual(findCodeNames("Why does `the limiter` not use p-queue or readFile?"), [
      "the limiter",
      "p-queue",
      "readFile",
    ]);
    assert.deepEqual(findCodeNames("Why is the sky blue?"), []);
    assert.deepEqual(findFileNames("Why is a.ts so?", ["src/a.ts", "src/ba.ts", "a.tsx"]), ["src/a.ts"]);
  });
});
