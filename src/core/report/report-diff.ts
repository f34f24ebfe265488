import { StoredMessage, formatMessage, type Message } from "../../common/messages.js";
import * as z from "zod";
import { listClaims } from "./render-report.js";
import { SourceLocation, Verdict, formatLocation, type Claim, type Report } from "../domain/schema.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { contentTerms } from "../text/tokenize.js";

/*
 * The changes of a refresh as data: claims, sections and sources.
 */

const ClaimVerdict = z.object({ claim: z.string(), verdict: Verdict });

export const ChangedSource = z.object({
  place: SourceLocation,
  title: z.string(),
  /** `kept`: it could not be read again, so its earlier text is used. */
  state: z.enum(["changed", "vanished", "new", "kept"]),
  /** The reason for `vanished` or `kept`, as a sentence; empty otherwise. */
  why: StoredMessage,
});
export type ChangedSource = z.infer<typeof ChangedSource>;

export const ReportChanges = z.object({
  claims: z.object({
    added: z.array(ClaimVerdict),
    removed: z.array(ClaimVerdict),
    reworded: z.array(z.object({ before: ClaimVerdict, after: ClaimVerdict })),
    /** The same sentence with a different verdict. */
    judged: z.array(z.object({ claim: z.string(), before: Verdict, after: Verdict })),
  }),
  sections: z.object({ rewritten: z.array(z.string()), removed: z.array(z.string()) }),
  sources: z.array(ChangedSource),
});
export type ReportChanges = z.infer<typeof ReportChanges>;

/** Minimum Dice coefficient at which two sentences count as one that was reworded. */
const MIN_SIMILARITY = 0.5;

/** Compares the cited claims, each sentence once, since the summary repeats sentences of the sections. */
export function diffClaims(before: Report, after: Report): ReportChanges["claims"] {
  const oldClaims = claimsByText(before);
  const newClaims = claimsByText(after);
  const judged = [...oldClaims].flatMap(([key, { text, verdict }]) => {
    const same = newClaims.get(key);
    return same === undefined || same.verdict === verdict
      ? []
      : [{ claim: text, before: verdict, after: same.verdict }];
  });
  const removed = [...oldClaims].filter(([key]) => !newClaims.has(key)).map(([, claim]) => claim);
  const added = [...newClaims].filter(([key]) => !oldClaims.has(key)).map(([, claim]) => claim);
  // Match the most similar pairs first.
  const pairs = similarPairs(removed, added).sort((a, b) => b.alike - a.alike);
  const taken = new Set<Claim>();
  const reworded: ReportChanges["claims"]["reworded"] = [];
  for (const { one, other } of pairs) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    reworded.push({ before: toClaimVerdict(one), after: toClaimVerdict(other) });
  }
  const unmatched = (claims: Claim[]) => claims.filter((claim) => !taken.has(claim)).map(toClaimVerdict);
  return { added: unmatched(added), removed: unmatched(removed), reworded, judged };
}

/** Terms that occur in more claims than this are too common to suggest a match. */
const MAX_CLAIMS_PER_TERM = 100;

/** Pairs of a removed and an added claim that may be one reworded claim. */
function similarPairs(removed: Claim[], added: Claim[]): { one: Claim; other: Claim; alike: number }[] {
  const others = added.map((other, place) => ({ other, place, terms: new Set(contentTerms(other.text)) }));
  const claimsByTerm = new Map<string, typeof others>();
  for (const each of others) {
    for (const term of each.terms) {
      const known = claimsByTerm.get(term);
      if (known === undefined) claimsByTerm.set(term, [each]);
      else known.push(each);
    }
  }
  const isComparable = (list: typeof others): boolean => list.length <= MAX_CLAIMS_PER_TERM;
  return removed.flatMap((one) => {
    const terms = new Set(contentTerms(one.text));
    const lists = [...terms].map((term) => claimsByTerm.get(term) ?? []).filter(isComparable);
    return [...new Set(lists.flat())]
      .sort((a, b) => a.place - b.place)
      .map(({ other, terms: theirs }) => ({ one, other, alike: diceOfSets(terms, theirs) }))
      .filter(({ alike: similarity }) => similarity >= MIN_SIMILARITY);
  });
}

function toClaimVerdict({ text, verdict }: Claim): z.infer<typeof ClaimVerdict> {
  return { claim: text, verdict };
}

/** What two claims have in common if they say the same; blocks do so to the letter. */
function claimKey({ text, asBlock }: Pick<Claim, "text" | "asBlock">): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return asBlock === true ? `block: ${text}` : words;
}

function claimsByText(report: Report): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  for (const claim of listClaims(report)) {
    const key = claimKey(claim);
    if (claim.evidence.length > 0 && !claims.has(key)) claims.set(key, claim);
  }
  return claims;
}

/** Sørensen–Dice coefficient of the content terms of two texts, from 0 to 1. */
export function diceCoefficient(one: string, other: string): number {
  return diceOfSets(new Set(contentTerms(one)), new Set(contentTerms(other)));
}

function diceOfSets(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((term) => b.has(term)).length;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

/** Summarizes the changes, such as "2 claims reworded, 1 removed; 1 source changed". */
export function formatChangesLine({ claims, sections, sources }: ReportChanges): string {
  const count = (state: ChangedSource["state"]): number =>
    sources.filter((source) => source.state === state).length;
  const parts = [
    counted("claim", [
      [claims.added.length, "added"],
      [claims.removed.length, "removed"],
      [claims.reworded.length, "reworded"],
      [claims.judged.length, "judged otherwise"],
    ]),
    counted("section", [[sections.removed.length, "removed"]]),
    counted("source", [
      [count("changed"), "changed"],
      [count("vanished"), "vanished"],
      [count("new"), "new"],
      [count("kept"), "not read again"],
    ]),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing changed" : parts.join("; ");
}

function counted(what: string, counts: [number, string][]): string {
  const [first, ...unmatched] = counts.filter(([many]) => many > 0);
  if (first === undefined) return "";
  const noun = `${what}${first[0] === 1 ? "" : "s"}`;
  return [`${first[0]} ${noun} ${first[1]}`, ...unmatched.map(([many, how]) => `${many} ${how}`)].join(", ");
}

/** Formats the changes as lines of text, claims first. */
export function formatChanges({ claims, sections, sources }: ReportChanges): string[] {
  return [
    ...claims.reworded.flatMap(({ before, after }) => [
      `Reworded: ${collapseWhitespace(before.claim)}`,
      `      now: ${collapseWhitespace(after.claim)}${verdictNote(before.verdict, after.verdict)}`,
    ]),
    ...claims.added.map(({ claim }) => `Added: ${collapseWhitespace(claim)}`),
    ...claims.removed.map(({ claim }) => `Removed: ${collapseWhitespace(claim)}`),
    ...claims.judged.map(
      ({ claim, before, after }) =>
        `Judged otherwise: ${collapseWhitespace(claim)}${verdictNote(before, after)}`,
    ),
    ...sections.removed.map((heading) => `Section removed: ${heading}`),
    ...sources.map(
      (source) =>
        `${SOURCE_WORDS[source.state]}: ${source.title === "" ? formatLocation(source.place) : `${source.title} (${formatLocation(source.place)})`}${whyNote(source.why)}`,
    ),
  ];
}

function whyNote(why: Message): string {
  const text = formatMessage(why);
  return text === "" ? "" : `: ${text}`;
}

const SOURCE_WORDS: Record<ChangedSource["state"], string> = {
  changed: "Source changed",
  vanished: "Source vanished",
  new: "New source",
  kept: "Source not read again",
};

function verdictNote(before: Verdict, after: Verdict): string {
  return before === after ? "" : ` (${before}, now ${after})`;
}
