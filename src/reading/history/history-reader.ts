import { realpath } from "node:fs/promises";
import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { diffQuery, isCommitId, pickaxeQuery, runGit, type GitQuery } from "../../common/run-git.js";
import { EMPTY_READING } from "../../core/domain/empty-reading.js";
import type { Reading } from "../../core/domain/reading.js";
import type { CommitLocation } from "../../core/domain/schema.js";
import { cleanMessage, composeCommitText, type CommitMessage } from "./commit-text.js";

/** The history of a workspace, as git has it on this machine. Nothing is fetched, and nothing configured is run. */
export interface HistoryReader {
  /** Whether there is a repository that git can read, and whether its history was cut off when it was cloned. */
  state(signal: AbortSignal): Promise<"whole" | "shallow" | "none" | "unreadable">;
  /** The messages of the newest commits, newest first, then of the annotated tags. */
  messages(signal: AbortSignal): Promise<CommitMessage[]>;
  /** The ids of commits in which a text came or went, newest first. */
  commitsWith(text: string, signal: AbortSignal): Promise<string[]>;
  /** The commit of each line of a file at HEAD. @param file relative to the workspace */
  blame(file: string, signal: AbortSignal): Promise<{ commit: string; text: string }[]>;
  /** Reads a commit or a tag. @throws ResearchError "unreadable" if it is not in the repository */
  read(place: CommitLocation, signal: AbortSignal): Promise<Reading>;
}

/** Commits and tags whose messages are searched. */
const MAX_COMMITS = 5000;
const MAX_TAGS = 500;
const MAX_PICKED = 40;

const FORMAT = "--format=%x1e%H%x1f%cI%x1f%s%x1f%b";
const TAG_FORMAT =
  "--format=%1e%(objectname)%1f%(creatordate:iso-strict)%1f%(refname:short): %(contents:subject)%1f%(contents:body)%1f%(objecttype)";

/** Opens the history of a workspace; of a folder within a repository, what concerns that folder. */
export function createHistoryReader(workspace: string): HistoryReader {
  let scope: Promise<{ root: string; paths: string[] } | null> | null = null;
  let listed: Promise<CommitMessage[]> | null = null;

  const ask = async (query: GitQuery, signal: AbortSignal): Promise<string | null> => {
    const answer = await runGit(workspace, workspace, query, signal);
    signal.throwIfAborted();
    return answer.state === "answered" && answer.code === 0 ? answer.stdout : null;
  };
  const open = (signal: AbortSignal): Promise<{ root: string; paths: string[] } | null> =>
    (scope ??= ask(["rev-parse", "--show-toplevel"], signal)
      .then(async (top) => {
        if (top === null) return null;
        const root = await realpath(workspace);
        const isWhole = (await realpath(top.trim()).catch(() => "")) === root;
        return { root, paths: isWhole ? [] : ["."] };
      })
      .catch((error: unknown) => {
        scope = null;
        throw error;
      }));

  const list = async (signal: AbortSignal): Promise<CommitMessage[]> => {
    const opened = await open(signal);
    if (opened === null) return [];
    const commits = await ask(
      ["rev-list", `--max-count=${MAX_COMMITS}`, FORMAT, "HEAD", "--", ...opened.paths],
      signal,
    );
    return [...parseMessages(commits ?? ""), ...(await tags(signal))];
  };
  const tags = async (signal: AbortSignal): Promise<CommitMessage[]> =>
    parseMessages(
      (await ask(
        ["for-each-ref", `--count=${MAX_TAGS}`, "--sort=-creatordate", TAG_FORMAT, "refs/tags"],
        signal,
      )) ?? "",
    );

  return {
    async state(signal) {
      const answer = await runGit(
        workspace,
        workspace,
        ["rev-parse", "--is-shallow-repository", "HEAD"],
        signal,
      );
      signal.throwIfAborted();
      if (answer.state === "no-repository") return "none";
      if (answer.state === "unknown" || answer.code !== 0) return "unreadable";
      return answer.stdout.startsWith("true") ? "shallow" : "whole";
    },
    messages: (signal) =>
      (listed ??= list(signal).catch((error: unknown) => {
        listed = null;
        throw error;
      })),
    async commitsWith(text, signal) {
      const opened = await open(signal);
      if (opened === null || text === "" || text.length > 200 || /\p{Cc}/u.test(text)) return [];
      const found = (await ask(pickaxeQuery(text, MAX_PICKED, opened.paths), signal)) ?? "";
      return found.split("\n").filter(isCommitId);
    },
    async blame(file, signal) {
      if ((await open(signal)) === null) return [];
      return parseBlame(
        (await ask(["blame", "--porcelain", "--no-textconv", "HEAD", "--", file], signal)) ?? "",
      );
    },
    async read({ commit }, signal) {
      const opened = await open(signal);
      if (opened === null || !isCommitId(commit)) throw notThere(commit);
      const found = await ask(["rev-list", "--max-count=1", FORMAT, commit, "--"], signal);
      const tag = (await tags(signal)).find((each) => each.commit === commit);
      const message = tag ?? parseMessages(found ?? "")[0];
      if (message === undefined) throw notThere(commit);
      const diff = tag === undefined ? ((await ask(diffQuery(commit, opened.paths), signal)) ?? "") : "";
      return { ...EMPTY_READING, title: message.subject, text: composeCommitText(message, diff), commit };
    },
  };
}

/** Records that begin with the separator of records, in fields. The messages are cleaned. */
function parseMessages(text: string): CommitMessage[] {
  return text
    .split("\u001e")
    .slice(1)
    .flatMap((record) => {
      const [commit = "", date = "", subject = "", body = "", type = "tag"] = record.split("\u001f");
      // A plain tag is its commit, which is listed already.
      if (!isCommitId(commit) || !type.startsWith("tag")) return [];
      const said = cleanMessage(body.replace(/\ncommit [0-9a-f]{40,64}\n$/, ""));
      return [{ commit, day: date.slice(0, 10), subject: cleanMessage(subject), body: said }];
    });
}

/** The lines of `git blame --porcelain`, of which only ids and contents are used: the rest names people. */
function parseBlame(text: string): { commit: string; text: string }[] {
  let commit = "";
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("\t")) return isCommitId(commit) ? [{ commit, text: line.slice(1) }] : [];
    const id = /^([0-9a-f]{40}|[0-9a-f]{64}) \d/.exec(line)?.[1];
    if (id !== undefined) commit = id;
    return [];
  });
}

function notThere(commit: string): ResearchError {
  const error = new ResearchError(
    "unreadable",
    msg`The commit ${commit.slice(0, 12)} is not in the repository of this folder.`,
  );
  error.gone = true;
  return error;
}
