import { removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { removeSecrets } from "../../common/secrets.js";
import { trimEndMatching } from "../../core/text/linear-search.js";
import { isDataFile, isSecretPath } from "../workspace/list-files.js";

/*
 * A commit as a text: its message, its day, and what it changed. The same commit always gives the same text, so that a
 * quote of it can be checked with git alone.
 */

/** What a commit says, without its author. */
export interface CommitMessage {
  /** The whole id. */
  commit: string;
  /** YYYY-MM-DD, the committer's. */
  day: string;
  subject: string;
  body: string;
}

/** Lines of changes that are shown of a file, and characters of a text. */
const MAX_FILE_LINES = 40;
const MAX_CHANGES = 60_000;
const MAX_LINE = 400;
const MAX_BODY = 40_000;

/** Lines that name people: "Signed-off-by: A Person". */
const NAMES_PEOPLE = /^[A-Z][A-Za-z-]{1,40}-by: /;

/** Texts without e-mail addresses: they are of no use in a report, and belong to people. */
function removeAddresses(text: string): string {
  return text.replace(/[A-Za-z0-9._%+@-]+/g, (word) => {
    const bare = trimEndMatching(word, /[.-]/);
    const at = bare.lastIndexOf("@");
    const ending = bare.slice(bare.lastIndexOf(".") + 1);
    const isAddress = at > 0 && bare.indexOf(".", at) > at + 1 && /^[A-Za-z]{2,}$/.test(ending);
    return isAddress ? `(address removed)${word.slice(bare.length)}` : word;
  });
}

/** A message without e-mail addresses, lines that only name people, and invisible characters. */
export function cleanMessage(text: string): string {
  const lines = removeInvisibleCharacters(text.slice(0, MAX_BODY)).text.split("\n");
  return lines
    .filter((line) => !NAMES_PEOPLE.test(line))
    .map((line) => removeAddresses(line).trimEnd())
    .join("\n")
    .trim();
}

/** The text of a commit. @param diff as `git diff-tree -p` writes it */
export function composeCommitText({ commit, day, subject, body }: CommitMessage, diff: string): string {
  const said = [`# ${subject}`, body, `Committed on ${day} as ${commit.slice(0, 12)}.`].filter(
    (part) => part !== "",
  );
  const changes = splitDiff(diff).filter(({ file }) => !isSecretPath(file) && !isDataFile(file));
  const shown: string[] = [];
  let length = 0;
  for (const { file, lines } of changes) {
    const cut = lines.slice(0, MAX_FILE_LINES).map((line) => line.slice(0, MAX_LINE));
    const rest = lines.length - cut.length;
    const text = [
      `### ${file}`,
      ["```diff", ...cut, "```"].join("\n"),
      ...(rest > 0 ? [`And ${rest} more lines.`] : []),
    ].join("\n\n");
    if ((length += text.length) > MAX_CHANGES) break;
    shown.push(text);
  }
  const left = changes.length - shown.length;
  const all = [
    ...said,
    ...(shown.length === 0 ? [] : ["## Changes", ...shown]),
    ...(left > 0 ? [`And changes of ${left} more files.`] : []),
  ];
  return removeAddresses(removeSecrets(removeInvisibleCharacters(all.join("\n\n")).text).text);
}

/** The changed lines of each file, without the header lines, whose form depends on settings. */
function splitDiff(diff: string): { file: string; lines: string[] }[] {
  const files: { file: string; lines: string[] }[] = [];
  let old = "";
  let isHead = true;
  for (const line of diff.split("\n")) {
    if (line.startsWith("diff --git ")) {
      isHead = true;
      files.push({ file: "", lines: [] });
      continue;
    }
    const current = files.at(-1);
    if (current === undefined) continue;
    if (isHead && line.startsWith("--- ")) old = line.slice(4).replace(/^[^/]{1,4}\//, "");
    else if (isHead && line.startsWith("+++ ")) {
      const file = line.slice(4).replace(/^[^/]{1,4}\//, "");
      current.file = line === "+++ /dev/null" ? old : file;
    } else if (line.startsWith("@@")) {
      isHead = false;
      // What follows the second sign depends on the repository's own settings.
      current.lines.push(/^@@ [-+\d, ]{1,60} @@/.exec(line)?.[0] ?? "@@");
    } else if (!isHead && /^[-+ ]/.test(line)) current.lines.push(escapeFence(line));
  }
  return files.filter(({ file, lines }) => file !== "" && lines.length > 0);
}

/** A fence within the changes must not end the block that they stand in. */
function escapeFence(line: string): string {
  return line.replace(
    /^([-+ ]\s{0,20})(`{3,}|~{3,})/,
    (_, before: string, signs: string) => before + "'".repeat(signs.length),
  );
}
