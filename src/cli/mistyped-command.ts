import { lstat } from "node:fs/promises";
import { ResearchError } from "../common/errors.js";
import { msg } from "../common/messages.js";

/* Words that were meant as a command: as a question they would start a run, which may cost money. */

/** An argument of a command rather than a word of a question: a path, a URL, an id or a flag's value. */
const ARGUMENT = /[/\\]|\.\w+$|^\d{8}-/;

/**
 * Checks that the words are a question.
 * @param words as the shell gave them: a question in quotes is one word with blanks
 * @param commands the names of all commands
 * @throws ResearchError "empty-question" for a word near a command's name, and for a path alone
 */
export async function assertIsQuestion(words: readonly string[], commands: readonly string[]): Promise<void> {
  const [first = "", ...others] = words;
  if (first === "" || /\s/.test(first) || !others.every((word) => ARGUMENT.test(word))) return;
  const meant = findNear(first, commands);
  if (meant !== undefined) {
    throw new ResearchError(
      "empty-question",
      msg`“${first}” is not a command.`,
      msg`Did you mean: deep-research ${[meant, ...others].join(" ")}`,
    );
  }
  if (others.length === 0 && (await lstat(first).catch(() => null)) !== null) {
    throw new ResearchError(
      "empty-question",
      msg`“${first}” is a path, not a question.`,
      msg`Did you mean: deep-research verify ${first}, or deep-research read ${first}`,
    );
  }
}

/** The name that a mistyped word most likely means; undefined if none is near. */
export function findNear(word: string, names: readonly string[]): string | undefined {
  return names.find((name) => isNear(word.toLowerCase(), name));
}

/** Whether a word differs from a name in at most two letters, and in no more than a third of them. */
function isNear(word: string, name: string): boolean {
  const most = Math.min(2, Math.floor(name.length / 3));
  return word !== name && Math.abs(word.length - name.length) <= most && editDistance(word, name) <= most;
}

/** Letters that are added, removed or replaced between two words. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, wanted] of Array.from(other).entries()) {
      const replaced = (row[column] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
