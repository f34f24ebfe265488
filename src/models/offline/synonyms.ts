import { termsOfWord } from "../../core/text/tokenize.js";

/** Words of one meaning in what developers write; each finds the others where a search found nothing. */
const GROUPS = [
  "install installation",
  "setup configure create",
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
  "limit maximum max quota",
  "linux unix",
  "price cost pricing billing",
  "version release",
  "fix repair mend solve",
  "show display print render",
  "choose select pick",
  "change modify edit update",
  "allow permit enable support",
  "forbid deny disable block reject refuse",
  "deploy host publish",
  "find locate discover",
  "list enumerate",
  "tell inform notify",
  // Plurals that no stem joins with their singular.
  "mouse mice",
  "child children",
  "person people",
  "man men",
  "woman women",
  "foot feet",
  "tooth teeth",
  "goose geese",
  "index indices",
  "vertex vertices",
  "matrix matrices",
  "appendix appendices",
  "criterion criteria",
  "phenomenon phenomena",
  "analysis analyses",
  "hypothesis hypotheses",
  "half halves",
  "leaf leaves",
].map((group) => group.split(" ").flatMap(termsOfWord));

/** Terms that mean much the same as a term, without it. */
export function findSynonyms(term: string): string[] {
  return GROUPS.filter((group) => group.includes(term)).flatMap((group) =>
    group.filter((other) => other !== term),
  );
}

/**
 * Words that people ask with in place of those that texts have. Too many to search by: they tell whether what was found
 * answers.
 */
const RELATED = [
  "delete remove erase drop purge wipe discard clear clean",
  "error exception failure fault crash",
  "setting option configuration config preference parameter flag switch",
  "stop end terminate kill shutdown quit exit",
  "fast performance speed quick latency slow",
  "limit maximum max quota cap",
  "change modify edit update alter",
  "forbid deny disable block reject refuse prevent",
  "vanish disappear missing absent lost gone",
  "undo revert rollback restore",
  "abort cancel interrupt",
  "ctrl+c sigint interrupt keyboardinterrupt",
  "skip ignore exclude omit",
  "hide suppress silence mute",
  "upload publish",
  "download fetch pull",
  "forward proxy redirect",
  "image picture",
  "copy clone duplicate",
  "merge combine join",
  "compare difference diff",
  "expire expiry ttl",
  "precedence priority order",
  "environment env",
  "directory dir",
  "repository repo",
  "database db",
  "development dev",
  "production prod",
  "application app",
  "library package module dependency",
  "temporary temp tmp",
  "executable binary program",
  "terminal console shell",
  "reload refresh",
  "retain retention keep",
  "encrypt cipher",
  "disconnect close hang",
  "parallel concurrent simultaneous",
  "password passphrase",
  "wifi lan network",
  "log record",
  "screen display monitor",
  "retry repeat",
  "interval period frequency",
  "nested inner recursive",
  "size length bytes",
].map((group) => group.split(" ").flatMap(termsOfWord));

/** Terms that may stand for a term, without it: its synonyms, and others that are near it. */
export function findRelatedTerms(term: string): string[] {
  const related = RELATED.filter((group) => group.includes(term)).flat();
  return [...new Set([...findSynonyms(term), ...related])].filter((other) => other !== term);
}

/** Verbs of two words, and the one word that texts have for them. */
const PHRASES: [RegExp, string][] = [
  [/\b(?:turn|switch)(?:ed|s|ing)? off\b/gi, "disable"],
  [/\b(?:turn|switch)(?:ed|s|ing)? on\b/gi, "enable"],
  [/\b(?:turn|switch)(?:ed|s|ing)? ([\w'-]+(?: [\w'-]+)?) off\b/gi, "disable $1"],
  [/\b(?:turn|switch)(?:ed|s|ing)? ([\w'-]+(?: [\w'-]+)?) on\b/gi, "enable $1"],
  [/\bget(?:ting|s)? rid of\b/gi, "remove"],
  [/\bset(?:ting|s)? up\b/gi, "setup"],
  [/\blog(?:ged|ging|s)?[ -]in\b/gi, "login"],
];

/** A question with single words in place of verbs of two words. */
export function replacePhrases(question: string): string {
  return PHRASES.reduce((text, [phrase, word]) => text.replace(phrase, word), question.slice(0, 2000));
}
