import MiniSearch from "minisearch";
import { msg, type Message } from "../../common/messages.js";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE, type Question } from "../../core/domain/schema.js";
import { RANKING } from "../../core/text/rank-passages.js";
import { contentTerms } from "../../core/text/tokenize.js";
import type { CommitMessage } from "../../reading/history/commit-text.js";
import type { HistoryReader } from "../../reading/history/history-reader.js";
import type { AskedQuestion, SearchProvider } from "../search-provider.js";
import { asksForHistory, findCodeNames, findFileNames } from "./history-question.js";

const historyTraits: SearchTraits = {
  id: "history",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: false,
  keeps: "hits",
  covers: "history",
};

export const historyProvider: SearchProvider = {
  ...historyTraits,
  feature: "historySearch",
  scope: "history",
  isConfigured: () => true,
  open: ({ openHistory, openWorkspace, asked, notice }) => {
    const files = async (signal: AbortSignal): Promise<string[]> =>
      (await openWorkspace().reader.files(signal)).map(({ path }) => path);
    return createHistorySearch(openHistory(), files, asked, notice);
  },
};

/** Commits that one search gives beside files. */
const MOST_BESIDE_FILES = 4;
/** A message far below the best shares only common words with the question. */
const WORTH_READING = 0.5;
/** Of the commits in which a text came or went: the newest and the oldest say most. */
const PICKED_ENDS = 2;
const MAX_BLAMED_LINES = 12;
/** The constant of reciprocal rank fusion. */
const FUSION = 60;

/**
 * Finds commits and tags: by their messages, by texts that came or went in them, and by the lines of files that the
 * question names. Beside the workspace it answers only where the question asks why something is so, or since when.
 */
export function createHistorySearch(
  history: HistoryReader,
  files: (signal: AbortSignal) => Promise<string[]>,
  asked: AskedQuestion,
  notice: (message: Message) => void = () => undefined,
): Search {
  const isAlone = !asked.scopes.includes("workspace");
  const isWanted = isAlone || asksForHistory(asked.question);
  let index: Promise<MiniSearch<CommitMessage & { id: number }>> | null = null;
  let state: ReturnType<HistoryReader["state"]> | null = null;

  const tellState = async (signal: AbortSignal): Promise<boolean> => {
    const isFirst = state === null;
    const found = await (state ??= history.state(signal));
    if (isFirst && found === "shallow")
      notice(msg`The clone is shallow: older commits are not on this machine.`);
    if (isFirst && isAlone && found === "none") notice(msg`The folder is not in a git repository.`);
    if (isFirst && found === "unreadable")
      notice(msg`The history was not read: git is missing, has no commits, or refuses this folder.`);
    return found === "whole" || found === "shallow";
  };

  return {
    ...historyTraits,
    async search(question, limit, signal) {
      signal.throwIfAborted();
      const empty = { value: { hits: [], grounded: null }, usage: NO_USAGE, by: "history" };
      if (!(isWanted || asksForHistory(question.question)) || !(await tellState(signal))) return empty;
      const messages = await history.messages(signal);
      const byId = new Map(messages.map((each) => [each.commit, each]));
      const found = await (index ??= Promise.resolve(indexMessages(messages)));
      const said = rankMessages(found, question);
      const picked = await pickCommits(history, `${question.question}\n${asked.question}`, signal);
      const blamed = await blameLines(history, await files(signal), question.question, signal);
      signal.throwIfAborted();
      const most = isAlone ? limit : Math.min(limit, MOST_BESIDE_FILES);
      const hits = fuseRanks([picked, blamed, said])
        .flatMap((commit) => byId.get(commit) ?? [])
        .slice(0, most)
        .map(({ commit, subject }) => ({ place: { kind: "commit" as const, commit }, title: subject }));
      return { ...empty, value: { hits, grounded: null } };
    },
  };
}

function indexMessages(messages: CommitMessage[]): MiniSearch<CommitMessage & { id: number }> {
  const index = new MiniSearch<CommitMessage & { id: number }>({
    fields: ["subject", "body"],
    storeFields: ["commit"],
    ...RANKING,
  });
  index.addAll(messages.map((each, id) => ({ ...each, id })));
  return index;
}

function rankMessages(
  index: MiniSearch<CommitMessage & { id: number }>,
  { question, query }: Question,
): string[] {
  const found = index.search(`${query} ${question}`, { boost: { subject: 2 } });
  const floor = (found[0]?.score ?? 0) * WORTH_READING;
  return found.filter(({ score }) => score >= floor).map((each) => String(each["commit"]));
}

/** The newest and the oldest commits in which the names of the question came or went. */
async function pickCommits(history: HistoryReader, question: string, signal: AbortSignal): Promise<string[]> {
  const picked: string[] = [];
  for (const name of findCodeNames(question)) {
    const found = await history.commitsWith(name, signal);
    picked.push(...found.slice(-PICKED_ENDS).reverse(), ...found.slice(0, PICKED_ENDS));
  }
  return [...new Set(picked)];
}

/** The commits of those lines of named files that hold most words of the question. */
async function blameLines(
  history: HistoryReader,
  files: string[],
  question: string,
  signal: AbortSignal,
): Promise<string[]> {
  const asked = new Set(contentTerms(question));
  const scored: { commit: string; score: number }[] = [];
  for (const file of findFileNames(question, files)) {
    for (const { commit, text } of await history.blame(file, signal)) {
      const score = new Set(contentTerms(text.slice(0, 400)).filter((term) => asked.has(term))).size;
      if (score > 0) scored.push({ commit, score });
    }
  }
  const best = scored.sort((a, b) => b.score - a.score).slice(0, MAX_BLAMED_LINES);
  return [...new Set(best.map(({ commit }) => commit))];
}

/** Merges ranked lists: what stands high in several comes first. */
function fuseRanks(lists: string[][]): string[] {
  const scores = new Map<string, number>();
  for (const list of lists) {
    for (const [rank, each] of list.entries())
      scores.set(each, (scores.get(each) ?? 0) + 1 / (FUSION + rank));
  }
  return [...scores].sort((a, b) => b[1] - a[1]).map(([each]) => each);
}
