import { trimEndMatching } from "../../core/text/linear-search.js";

/* What a question says about the history of a workspace. */

const ASKS =
  /\b(?:why|since when|how long ago|when (?:was|were|did|has|have|do|does)|what changed|history of|which (?:commit|release|version|tag)|commits?|introduced|used to|no longer|warum|wieso|weshalb|seit wann|wann (?:wurde|wurden|hat|haben|kam))\b/i;

/** Whether a question asks why something is so, since when, or by which change. */
export function asksForHistory(question: string): boolean {
  return ASKS.test(question.slice(0, 4000));
}

/** Names of one search. */
const MAX_NAMES = 3;

/** The names in a question that can stand in code: in backticks or quotes, or with signs or capitals within. */
export function findCodeNames(question: string): string[] {
  const text = question.slice(0, 4000);
  const quoted = [...text.matchAll(/[`"“]([^`"“”\n]{2,80})[`"”]/g)].map(([, name = ""]) => name);
  const words = text.match(/[\p{L}\p{N}_$@][\p{L}\p{N}_$@./-]{1,80}/gu) ?? [];
  const formed = words
    .map((word) => trimEndMatching(word, /[./-]/))
    .filter((word) => /[\p{L}\p{N}][-_./@$][\p{L}\p{N}]|[\p{Ll}\p{N}]\p{Lu}|^[A-Z][A-Z0-9]*_/u.test(word));
  return [...new Set([...quoted, ...formed])].slice(0, MAX_NAMES);
}

/** The files of a workspace that a question names, by path or by name. */
export function findFileNames(question: string, files: string[]): string[] {
  const words = (question.slice(0, 4000).match(/[\w./-]{2,200}/g) ?? [])
    .map((word) => trimEndMatching(word, /[./-]/))
    .filter((word) => /\w\.\w/.test(word));
  return files
    .filter((file) => words.some((word) => file === word || file.endsWith(`/${word}`)))
    .slice(0, MAX_NAMES);
}
