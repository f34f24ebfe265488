import { termsOfWord } from "../../core/text/tokenize.js";

/** Words of one meaning in what developers write; each finds the others where a search found nothing. */
const GROUPS = [
  "install setup installation",
  "delete remove erase drop",
  "create add make new",
  "error exception failure fault",
  "setting option configuration preference parameter flag",
  "start launch begin run",
  "stop end terminate kill shutdown",
  "resume continue restart recover",
  "save store persist write keep",
  "load read open",
  "fast performance speed quick latency",
  "key token credential secret",
  "authentication login auth",
  "required mandatory must",
  "optional default",
  "folder directory path",
  "function method procedure",
  "argument parameter input",
  "result output return",
  "test check verify validate",
  "send post request",
  "limit maximum quota",
  "price cost pricing billing",
  "version release",
  "fix repair mend solve",
  "show display print render",
  "choose select pick",
  "change modify edit update",
  "allow permit enable",
  "forbid deny disable block",
].map((group) => group.split(" ").flatMap(termsOfWord));

/** Terms that mean much the same as a term, without it. */
export function findSynonyms(term: string): string[] {
  return GROUPS.filter((group) => group.includes(term)).flatMap((group) =>
    group.filter((other) => other !== term),
  );
}
