import * as z from "zod";
import { listClaims } from "./render-report.js";
import { SourceLocation, Verdict, formatLocation, type Claim, type Report } from "../domain/schema.js";
import { contentTerms } from "../text/tokenize.js";

/*
 * What a refresh changed, as data: which claims, which sections, which sources.
 */

const Said = z.object({ claim: z.string(), verdict: Verdict });

export const ChangedSource = z.object({
  place: SourceLocation,
  title: z.string(),
  /** `kept`: it could not be read again and stands as it was read before. */
  state: z.enum(["changed", "vanished", "new", "kept"]),
  /** Why it counts as vanished or was kept, a sentence; empty otherwise. */
  why: z.string(),
});
export type ChangedSource = z.infer<typeof ChangedSource>;

export const ReportChanges = z.object({
  claims: z.object({
    added: z.array(Said),
    removed: z.array(Said),
    reworded: z.array(z.object({ before: Said, after: Said })),
    /** The same sentence, judged otherwise. */
    judged: z.array(z.object({ claim: z.string(), before: Verdict, after: Verdict })),
  }),
  sections: z.object({ rewritten: z.array(z.string()), removed: z.array(z.string()) }),
  sources: z.array(ChangedSource),
});
export type ReportChanges = z.infer<typeof ReportChanges>;

/** From here on two sentences are one that was reworded. */
const REWORDED = 0.5;

/** Compares the claims that cite, each sentence once: the summary repeats what sections say. */
export function diffClaims(before: Report, after: Report): ReportChanges["claims"] {
  const old = distinct(before);
  const now = distinct(after);
  const judged = [...old].flatMap(([key, { text, verdict }]) => {
    const same = now.get(key);
    return same === undefined || same.verdict === verdict
      ? []
      : [{ claim: text, before: verdict, after: same.verdict }];
  });
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, claim]) => claim);
  const fresh = [...now].filter(([key]) => !old.has(key)).map(([, claim]) => claim);
  // The most alike find each other first.
  const pairs = alikePairs(gone, fresh).sort((a, b) => b.alike - a.alike);
  const taken = new Set<Claim>();
  const reworded: ReportChanges["claims"]["reworded"] = [];
  for (const { one, other } of pairs) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    reworded.push({ before: said(one), after: said(other) });
  }
  const rest = (claims: Claim[]) => claims.filter((claim) => !taken.has(claim)).map(said);
  return { added: rest(fresh), removed: rest(gone), reworded, judged };
}

/** Claims that share a term which more of the others have are not held against each other for that term's sake. */
const COMMON = 100;

/** Of two lists of claims the pairs that may be one claim, reworded. */
function alikePairs(gone: Claim[], fresh: Claim[]): { one: Claim; other: Claim; alike: number }[] {
  const others = fresh.map((other, place) => ({ other, place, terms: new Set(contentTerms(other.text)) }));
  const having = new Map<string, typeof others>();
  for (const each of others) {
    for (const term of each.terms) {
      const known = having.get(term);
      if (known === undefined) having.set(term, [each]);
      else known.push(each);
    }
  }
  const isComparable = (list: typeof others): boolean => list.length <= COMMON;
  return gone.flatMap((one) => {
    const terms = new Set(contentTerms(one.text));
    const lists = [...terms].map((term) => having.get(term) ?? []).filter(isComparable);
    return [...new Set(lists.flat())]
      .sort((a, b) => a.place - b.place)
      .map(({ other, terms: theirs }) => ({ one, other, alike: shareOf(terms, theirs) }))
      .filter(({ alike }) => alike >= REWORDED);
  });
}

function said({ text, verdict }: Claim): z.infer<typeof Said> {
  return { claim: text, verdict };
}

function distinct(report: Report): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  for (const claim of listClaims(report)) {
    const key = claim.text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    if (claim.evidence.length > 0 && !claims.has(key)) claims.set(key, claim);
  }
  return claims;
}

/** The share of words that two texts have in common, from 0 to 1. */
export function diceCoefficient(one: string, other: string): number {
  return shareOf(new Set(contentTerms(one)), new Set(contentTerms(other)));
}

function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((term) => b.has(term)).length;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

/** True where a refresh found nothing to change in the report. */
export function hasNoChanges({ claims, sections, sources }: ReportChanges): boolean {
  const lists = [...Object.values(claims), sections.rewritten, sections.removed];
  return lists.every(({ length }) => length === 0) && sources.every(({ state }) => state === "kept");
}

/** In one line: "2 claims reworded, 1 removed; 1 source changed". */
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
  const [first, ...rest] = counts.filter(([many]) => many > 0);
  if (first === undefined) return "";
  const noun = `${what}${first[0] === 1 ? "" : "s"}`;
  return [`${first[0]} ${noun} ${first[1]}`, ...rest.map(([many, how]) => `${many} ${how}`)].join(", ");
}

/** The changes as lines for people, the claims first. */
export function formatChanges({ claims, sections, sources }: ReportChanges): string[] {
  return [
    ...claims.reworded.flatMap(({ before, after }) => [
      `Reworded: ${before.claim}`,
      `      now: ${after.claim}${verdictNote(before.verdict, after.verdict)}`,
    ]),
    ...claims.added.map(({ claim }) => `Added: ${claim}`),
    ...claims.removed.map(({ claim }) => `Removed: ${claim}`),
    ...claims.judged.map(
      ({ claim, before, after }) => `Judged otherwise: ${claim}${verdictNote(before, after)}`,
    ),
    ...sections.removed.map((heading) => `Section removed: ${heading}`),
    ...sources.map(
      (source) =>
        `${SOURCE_WORDS[source.state]}: ${source.title === "" ? formatLocation(source.place) : `${source.title} (${formatLocation(source.place)})`}${source.why === "" ? "" : `: ${source.why}`}`,
    ),
  ];
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
