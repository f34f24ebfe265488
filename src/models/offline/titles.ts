import { wordSet } from "../../core/text/language.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** Longest title, in characters; longer ones end at a word. */
const LONGEST = 100;

/** Verbs that questions often ask with, in their base form: "does X handle Y" becomes "X handles Y". */
const VERBS = new Set(
  (
    "accept add affect allow apply appear avoid become begin behave belong block build call cause change check choose " +
    "combine compare compute configure connect contain continue control convert count create deal decide define depend " +
    "detect determine differ disable display do enable end ensure exist expect explain fail fetch find finish fit follow " +
    "format generate give go guarantee handle happen hash help hold ignore impact implement import improve include increase index infer " +
    "influence insert interact interpret keep know last lead limit link list load lock log look lose make manage map match mean " +
    "measure merge need open order parse pass perform play prevent produce protect provide prove qualify read receive recommend recover " +
    "reduce refer reject relate release remove render replace report represent require resolve respond restart " +
    "retry return rewrite run save scale search select send separate serve set share show skip sort split start stop store stream support " +
    "take tell throw track transform treat trigger try turn update use validate verify wait want work wrap write"
  ).split(" "),
);

/** A question as a title: without its interrogative's grammar where that can be done, else without its mark. */
export function questionToTitle(question: string): string {
  const line = question
    .slice(0, 10 * LONGEST)
    .replace(/\s+/g, " ")
    .trim();
  const text = trimEndMatching(line, /[\s?.!]/);
  return shortenTitle(capitalize(rephrase(text)));
}

function rephrase(text: string): string {
  const how =
    /^(how|where|when) (?:do|can|could|should|would|might|may|must) (?:i|you|we|one)\b(?: (?:best|quickly|easily))? (.+)$/i.exec(
      text,
    );
  if (how !== null) return `${how[1] ?? ""} to ${how[2] ?? ""}`;
  const what = /^what (?:is|are|was|were) (?:the |some (?:of the )?|a |an )?(.+)$/i.exec(text);
  if (
    what?.[1] !== undefined &&
    !/\b(?:is|are|was|were|does|do|did|has|have|should|can|name|called)\b/i.test(what[1]) &&
    !/\b(?:to|of|in|for|with)$/i.test(what[1])
  )
    return what[1];
  const does = /^(how|why|where|when) (?:does|do) (.+)$/i.exec(text);
  if (does?.[2] !== undefined) {
    const plural = /^\w+ do /i.test(text);
    const at = does[2].indexOf(" not ");
    if (at > 0)
      return `${does[1] ?? ""} ${does[2].slice(0, at)} ${plural ? "do" : "does"}${does[2].slice(at)}`;
    const moved = inflected(does[2], plural);
    if (moved !== null) return `${does[1] ?? ""} ${moved}`;
  }
  const copula =
    /^(how|why|where|when) (is|are|was|were) ((?:the |a |an )?[\w`'"-]+(?: (?!(?:not|in|on|at|for|with|by|used|made|called)\b)[\w`'"-]+)??) (\w+(?:ed|en|ade|ept|ent|ound|uilt))\b(.*)$/i.exec(
      text,
    );
  if (copula !== null)
    return `${copula[1] ?? ""} ${copula[3] ?? ""} ${copula[2] ?? ""} ${copula[4] ?? ""}${copula[5] ?? ""}`;
  return text;
}

/** "the parser handle errors" as "the parser handles errors"; null where no verb is found for sure. */
function inflected(clause: string, plural: boolean): string | null {
  const words = clause.split(" ");
  const at = words.findIndex((word, index) => index > 0 && VERBS.has(word.toLowerCase()));
  // A verb far from the start is rather one of a clause inside the subject.
  if (at < 1 || at > 6 || words.slice(0, at).some((word) => /^(?:that|which|who|to|if|when)$/i.test(word)))
    return null;
  const verb = words[at] ?? "";
  // "does the error report work": a noun that looks like a verb, before the real one.
  const next = words[at + 1] ?? "";
  const real = VERBS.has(next.toLowerCase()) && !/^(?:help|make|use)$/i.test(verb) ? at + 1 : at;
  const base = words[real] ?? verb;
  words[real] = plural ? base : thirdPerson(base);
  return words.join(" ");
}

function thirdPerson(verb: string): string {
  if (/[^aeiou]y$/i.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|o)$/i.test(verb) ? `${verb}es` : `${verb}s`;
}

/** At most `LONGEST` characters, ending at a word. */
export function shortenTitle(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const start = text.slice(0, longest - 1);
  const cut = trimEndMatching(trimEndMatching(start, /\S/) || start, /[\s,;:–-]/);
  return `${cut} …`;
}

export function capitalize(text: string): string {
  return /^[a-z][a-z]*(?:\s|$|,)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Verbs as common, which are nouns as often, so that no clause is taken apart by them. */
const MORE_VERBS = wordSet(
  "appear arrive ask beat become believe benefit blow borrow bother break bring burn buy care carry chat cheat choke " +
    "chop click climb close come complain confirm cost cover crack crawl crush cut deliver describe die dig do drag draw " +
    "drive drop drown eat end enter exit expect face fall feel fiddle fight figure fill finish fix fly fool force gain " +
    "gather glue go grab greet grow guess hand hang happen hate hear hide hijack hit hold hop hope hunt imagine insist " +
    "invite join jump kick knock land lay leak lean learn leave lend let lie lift like live look love matter mess mind " +
    "miss moan move need notice nudge occur offer own pay peek pick pile place plan point poke pop press pretend print " +
    "pull push put quit raise reach realize recognize refuse remain remember repeat reply rest rip rise roll scatter seem " +
    "sell set shall share shift shout shrink shut sit slice slide slip slow smell sneak sort sound speak spend spot spread " +
    "squash squeeze stand stare stay steal step stick struggle suffer suggest suppose surprise survive swap switch talk " +
    "teach tear think tidy tie toss touch trick trust try turn type understand undo visit walk want watch welcome wipe " +
    "wish wonder worry",
);

/** Whether a word is a verb that questions about anything use, in one of its forms. */
export function isCommonVerb(word: string): boolean {
  const bare = word.toLowerCase();
  const stem = bare.replace(/(?:ed|ing)$/, "");
  return [
    bare,
    bare.replace(/(?:s|d)$/, ""),
    bare.replace(/es$/, ""),
    bare.replace(/ie[sd]$/, "y"),
    stem,
    `${stem}e`,
    stem.replace(/([b-df-hj-np-tv-z])\1$/, "$1"),
  ].some((form) => VERBS.has(form) || MORE_VERBS.has(form));
}
