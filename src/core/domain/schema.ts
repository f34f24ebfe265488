import * as z from "zod";

/*
 * The words of the field, as zod schemas; the types derive from them. What a model answers, what a
 * journal holds and what a report says all pass through here.
 */

export const Depth = z.enum(["quick", "standard", "deep"]);
export type Depth = z.infer<typeof Depth>;

/** How much each depth may do: sub-questions at most, and rounds of gathering at most. */
export const DEPTHS: Record<Depth, { questions: number; rounds: number }> = {
  quick: { questions: 3, rounds: 1 },
  standard: { questions: 5, rounds: 2 },
  deep: { questions: 8, rounds: 3 },
};

/** The id of a model provider, as journals and reports name it. */
export const ProviderId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
export type ProviderId = z.infer<typeof ProviderId>;
/** The provider that is always there: it answers where no other is configured, or where one fails. */
export const OFFLINE_PROVIDER = "offline";

export const QuestionKind = z.enum(["lookup", "explanation", "howto", "comparison", "decision", "survey"]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** What kind of source a search finds, as a plan chooses among them. */
export const SourceKind = z.enum([
  "workspace",
  "packages",
  "history",
  "sites",
  "web",
  "questions",
  "issues",
  "reference",
  "encyclopedia",
]);
export type SourceKind = z.infer<typeof SourceKind>;

/**
 * A sub-question: `id` is q1, q2 … (q0 is the user's own question); `query` is what is searched for,
 * `also` the same in other words, which other pages may use.
 */
export const Question = z.object({
  id: z.string(),
  question: z.string(),
  query: z.string(),
  also: z.array(z.string()).optional(),
  /** The kinds of sources that may answer it; absent: all that there are. */
  sources: z.array(SourceKind).optional(),
});
export type Question = z.infer<typeof Question>;

export const Plan = z.object({
  title: z.string(),
  kind: QuestionKind,
  questions: z.array(Question),
  /** What a good answer must cover, a phrase each. */
  cover: z.array(z.string()),
  /** Pages that should hold the answer, named from the question alone, before anything was read; absent: none. */
  pages: z.array(z.string()).optional(),
});
export type Plan = z.infer<typeof Plan>;

/** A question back to the user, with the answer. */
export const Clarification = z.object({ question: z.string(), answer: z.string() });
export type Clarification = z.infer<typeof Clarification>;

/** Where packages come from. */
export const Ecosystem = z.enum(["npm", "python", "cargo", "go"]);
export type Ecosystem = z.infer<typeof Ecosystem>;

/**
 * A file of an installed package. `path` is relative to the package; `file` is the same file relative to the workspace,
 * null where the package is installed elsewhere. Both with forward slashes.
 */
export const PackageLocation = z.object({
  kind: z.literal("package"),
  ecosystem: Ecosystem,
  name: z.string(),
  version: z.string(),
  path: z.string(),
  file: z.string().nullable(),
});
export type PackageLocation = z.infer<typeof PackageLocation>;

/** A commit, or an annotated tag, by its whole id. */
export const CommitLocation = z.object({ kind: z.literal("commit"), commit: z.string() });
export type CommitLocation = z.infer<typeof CommitLocation>;

/** Where a source is. `path` of a workspace file is relative to the workspace, with forward slashes. */
export const SourceLocation = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("workspace"), path: z.string() }),
  PackageLocation,
  CommitLocation,
  z.object({ kind: z.literal("page"), url: z.string() }),
  z.object({ kind: z.literal("grounded"), url: z.string() }),
]);
export type SourceLocation = z.infer<typeof SourceLocation>;

/** A place as labels, lists and snapshots write it: the path, the package with its path, the commit, or the address. */
export function formatLocation(place: SourceLocation): string {
  switch (place.kind) {
    case "workspace":
      return place.path;
    case "package":
      return `${place.name}@${place.version} ${place.path}`;
    case "commit":
      return `commit ${place.commit}`;
    default:
      return place.url;
  }
}

/** Whether a place is on this machine, so that its quotes are cited by lines. */
export function isLocalLocation(
  place: SourceLocation,
): place is Exclude<SourceLocation, { kind: "page" | "grounded" }> {
  return place.kind !== "page" && place.kind !== "grounded";
}

/** Whose word a source is, where that is known by its place or from the service that gave it. It weighs nothing. */
export const SourceAuthority = z.enum([
  "documentation",
  "repository",
  "maintainer",
  "accepted",
  "forum",
  "blog",
  "encyclopedia",
]);
export type SourceAuthority = z.infer<typeof SourceAuthority>;

/** A source as it was read. A grounded one was read by Google, not by us: it has no snapshot. */
export const Source = z.object({
  place: SourceLocation,
  title: z.string(),
  /** ISO 8601, UTC. */
  readAt: z.string(),
  /** Whole SHA-256 of the snapshot file, in hex; its file is `sources/<first 16>.md`. Null if grounded. */
  sha256: z.string().nullable(),
  /** SHA-256 of the text alone: the same text at two places is one source. Null if grounded. */
  textSha256: z.string().nullable(),
  /** The commit whose version of the file this is, or null: not in git, or edited since. */
  commit: z.string().nullable(),
  /** The file's line for each line of the text, 1-based, where the two differ (HTML); else null. */
  lines: z.array(z.number()).nullable(),
  /** The page, 1-based, of each line of the text, where the source has pages (PDF); else null. */
  pages: z.array(z.number()).nullable(),
  /** The address that the page itself gives as its own, or null. */
  canonical: z.string().nullable(),
  /** What Google searched for, in grounded sources. */
  queries: z.array(z.string()),
  warnings: z.array(z.string()),
  /** Absent where it is not known, and in sessions of earlier versions. */
  authority: SourceAuthority.optional(),
});
export type Source = z.infer<typeof Source>;

/** How a quote was found: to the letter, after normalising, or not by us but by Google. */
export const QuoteCheck = z.enum(["exact", "normalized", "grounded"]);
export type QuoteCheck = z.infer<typeof QuoteCheck>;

export const Evidence = z.object({
  /** e1, e2 …, in the order of the plan, so that a replay numbers alike. */
  id: z.string(),
  /** Index into the run's list of sources. */
  source: z.number(),
  /** As it stands in the snapshot's text, [start, end) in UTF-16 units (0, 0 if grounded). */
  quote: z.string(),
  start: z.number(),
  end: z.number(),
  check: QuoteCheck,
  /** First and last line of the quote in the workspace's file, 1-based; null elsewhere. */
  lines: z.tuple([z.number(), z.number()]).nullable(),
  /** First and last page of the quote, 1-based, where its source has pages; else null. */
  pages: z.tuple([z.number(), z.number()]).nullable(),
  /** The heading that the quote stands under in its source; may be empty. */
  heading: z.string(),
  /** The headings above that one, outermost first, with " > " between them; absent where there are none. */
  under: z.string().optional(),
  /** What the quote says about the questions, in one sentence. */
  claim: z.string(),
  questions: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

export const Verdict = z.enum(["supported", "qualified", "contradicted", "unsupported", "not-checked"]);
export type Verdict = z.infer<typeof Verdict>;

/** A sentence of the report with the evidence it cites and what the check of it said. */
export const Claim = z.object({
  text: z.string(),
  evidence: z.array(z.string()),
  verdict: Verdict,
  /** Why it is not plainly `supported`; empty where it is. */
  reason: z.string(),
  /** Set where the claim shows its one evidence's quote as a block, in place of a sentence: `text` is that quote. */
  asBlock: z.literal(true).optional(),
  /** Of a block of code: its language as the source names it, which may be empty; absent where it is no code. */
  language: z.string().optional(),
});
export type Claim = z.infer<typeof Claim>;

/** A table compares sources; a row is one claim, told in cells. */
const Table = z.object({
  columns: z.array(z.string()),
  rows: z.array(Claim.extend({ cells: z.array(z.string()) })),
});
type Table = z.infer<typeof Table>;

export const Section = z.object({
  heading: z.string(),
  paragraphs: z.array(z.array(Claim)),
  table: Table.nullable(),
});
export type Section = z.infer<typeof Section>;

/** An environment whose reports and sessions say where they come from; those of production say nothing. */
export const MarkedEnvironment = z.enum(["development", "staging"]);
export type MarkedEnvironment = z.infer<typeof MarkedEnvironment>;

/**
 * What Google Search says about a question, as it came: it stands in a section of its own, and nothing cites it.
 * `suggestions` are Google's, for searching on.
 */
export const GoogleAnswer = z.object({
  question: z.string(),
  text: z.string(),
  pages: z.array(z.object({ url: z.string(), title: z.string() })),
  suggestions: z.array(z.object({ text: z.string(), url: z.string() })),
});
export type GoogleAnswer = z.infer<typeof GoogleAnswer>;

/** Why a report is partial: nothing that was read answers, or something was left undone. */
export const PartialReason = z.enum(["no-answer", "unfinished"]);
export type PartialReason = z.infer<typeof PartialReason>;

export const Report = z.object({
  title: z.string(),
  question: z.string(),
  /** What the user answered where the question could be read in several ways; absent: nothing. */
  clarified: z.array(Clarification).optional(),
  /** YYYY-MM-DD, the day the session began. */
  date: z.string(),
  engine: ProviderId,
  depth: Depth,
  session: z.string(),
  environment: MarkedEnvironment.optional(),
  status: z.enum(["done", "partial"]),
  /** Why the report is partial; empty where it is not. */
  partial: z.string(),
  /** Whether a run that goes on could add to a partial report; absent where it is not partial, and in earlier versions. */
  partialReason: PartialReason.optional(),
  summary: z.array(Claim),
  sections: z.array(Section),
  disagreements: z.array(Claim),
  /** What could not be settled: claims with evidence, and plain sentences without. */
  limits: z.array(Claim),
  evidence: z.array(Evidence),
  sources: z.array(Source),
  /** Absent where Google was not asked, and in sessions of earlier versions, which cite what it said. */
  google: z.array(GoogleAnswer).optional(),
});
export type Report = z.infer<typeof Report>;

/** What kind of costly thing a step is. */
export const StepKind = z.enum(["model", "search", "read"]);
export type StepKind = z.infer<typeof StepKind>;

/** Of one call: more than any costs, so that a sum stays a number that limits can be held against. */
const tokens = z.number().nonnegative().max(1e9);

/** What a call cost. Tokens as the provider counts them; USD by the dated price list, 0 where free. */
export const Usage = z.object({ in: tokens, out: tokens, usd: z.number().nonnegative().max(1e6) });
export type Usage = z.infer<typeof Usage>;

export const NO_USAGE: Usage = { in: 0, out: 0, usd: 0 };
