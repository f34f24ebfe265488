import * as z from "zod/mini";

/*
 * What the report view shows, as data. The extension host makes it and the page of the view draws it. Both check it
 * against these schemas: the host does not trust the page, and the page draws only what has this shape. Every text is
 * plain, ready to be shown in the window's language.
 */

/** A piece of text: prose, or code within prose. */
const TextPiece = z.object({ text: z.string(), isCode: z.boolean() });
export type TextPiece = z.infer<typeof TextPiece>;

/**
 * The state of a citation after the last check. "pending": there was none yet. "broken": the citation itself is wrong.
 * "edited": its sentence is not what was checked. "changed": the quote stood in the source, which says something else now.
 */
const CitationState = z.enum([
  "pending",
  "supported",
  "qualified",
  "not-checked",
  "unsupported",
  "contradicted",
  "broken",
  "edited",
  "changed",
]);
export type CitationState = z.infer<typeof CitationState>;

/** Where a source can be opened. `page` is an http(s) address with a text fragment for the quote where there is one. */
const SourceTargets = z.object({
  hasFile: z.boolean(),
  hasSnapshot: z.boolean(),
  page: z.nullable(z.string().check(z.regex(/^https?:\/\//))),
});

const CitationData = z.extend(SourceTargets, {
  /** "S.Q", or "S" for a grounded source. */
  n: z.string(),
  state: CitationState,
  /** The state in words. */
  word: z.string(),
  /** What is wrong, as sentences; empty if nothing is. */
  problem: z.string(),
  /** The quote with the text around it in its snapshot; null if the report has no such quote. */
  quote: z.nullable(z.object({ before: z.string(), text: z.string(), after: z.string() })),
  title: z.string(),
  /** The file with its line, or the domain. */
  place: z.string(),
  /** "read on 2026-11-22"; may be empty. */
  readOn: z.string(),
});
export type CitationData = z.infer<typeof CitationData>;

const SentenceData = z.object({
  /** Its place in the report; the anchor of links to it. */
  key: z.number(),
  pieces: z.array(TextPiece),
  citations: z.array(CitationData),
  /** The verdict that the report states; null for a supported sentence. */
  verdict: z.nullable(z.object({ state: CitationState, word: z.string(), reason: z.string() })),
  /** Why the sentence needs attention; empty if it does not. */
  attention: z.array(z.string()),
});
export type SentenceData = z.infer<typeof SentenceData>;

/** `sentence` holds the citations of a block: it has no text of its own. */
const BlockData = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("heading"), level: z.union([z.literal(2), z.literal(3)]), text: z.string() }),
  z.object({ kind: z.literal("paragraph"), isItem: z.boolean(), sentences: z.array(SentenceData) }),
  z.object({
    kind: z.literal("code"),
    language: z.string(),
    text: z.string(),
    sentence: z.nullable(SentenceData),
  }),
  /** Links that nothing cites. */
  z.object({
    kind: z.literal("links"),
    name: z.string(),
    links: z.array(z.object({ title: z.string(), url: z.string().check(z.regex(/^https?:\/\//)) })),
  }),
  z.object({ kind: z.literal("quote"), text: z.string(), sentence: z.nullable(SentenceData) }),
  z.object({
    kind: z.literal("list"),
    lead: z.array(TextPiece),
    items: z.array(z.object({ depth: z.number(), number: z.string(), pieces: z.array(TextPiece) })),
    sentence: z.nullable(SentenceData),
  }),
  z.object({
    kind: z.literal("table"),
    head: z.array(z.array(TextPiece)),
    rows: z.array(z.object({ cells: z.array(z.array(TextPiece)), sentence: z.nullable(SentenceData) })),
    sentence: z.nullable(SentenceData),
  }),
]);
export type BlockData = z.infer<typeof BlockData>;

const SourceData = z.extend(SourceTargets, {
  number: z.number(),
  title: z.string(),
  place: z.string(),
  /** "File", "Page" …, in words. */
  kind: z.string(),
  readOn: z.string(),
  /** Hash of its snapshot; empty if it has none. */
  sha256: z.string(),
  quotes: z.array(z.string()),
  /** The sentences that cite it. */
  citedBy: z.array(z.object({ key: z.number(), text: z.string() })),
});
export type SourceData = z.infer<typeof SourceData>;

const ReportViewData = z.object({
  /** The address of the report: the scroll position belongs to it. */
  id: z.string(),
  title: z.string(),
  question: z.string(),
  notes: z.array(z.string()),
  /** Date, engine and depth. */
  facts: z.array(z.string()),
  /** Sentences with citations. `label` says the counts in words; `when` says when they were checked. */
  checked: z.object({ verified: z.number(), all: z.number(), label: z.string(), when: z.string() }),
  /** What changed in the sources since; `label` is empty if nothing did. */
  changes: z.object({ label: z.string(), items: z.array(z.string()) }),
  /** Problems that belong to no sentence. */
  problems: z.array(z.string()),
  /** What was not found; null if nothing is missing. `isWhole`: there is no answer at all. */
  missing: z.nullable(z.object({ isWhole: z.boolean(), title: z.string(), points: z.array(z.string()) })),
  blocks: z.array(BlockData),
  sources: z.array(SourceData),
  /** Whether the workspace may be changed and researched. */
  canRun: z.boolean(),
});
export type ReportViewData = z.infer<typeof ReportViewData>;

/** What is loaded after the report is shown. */
const SessionViewData = z.object({
  /** Cost and duration. */
  facts: z.array(z.string()),
  suggestions: z.array(z.string()),
  /** The questions before and after this one, oldest first. */
  thread: z.array(z.object({ session: z.string(), question: z.string(), isThis: z.boolean() })),
  /** Where a follow-up question is answered from, and who gets it. */
  askNote: z.string(),
});
export type SessionViewData = z.infer<typeof SessionViewData>;

/** How far a step, question, source or section is. */
const ProgressState = z.enum(["next", "now", "done", "failed", "dropped"]);
export type ProgressState = z.infer<typeof ProgressState>;

const RunViewData = z.object({
  question: z.string(),
  title: z.string(),
  phases: z.array(z.object({ label: z.string(), state: ProgressState })),
  /** The step that was started last. */
  step: z.string(),
  /** Sources, calls, cost and time. */
  facts: z.array(z.string()),
  /** Expected calls and cost; empty until it is known. */
  estimate: z.string(),
  questions: z.array(
    z.object({
      id: z.string(),
      question: z.string(),
      state: ProgressState,
      word: z.string(),
      canSkip: z.boolean(),
    }),
  ),
  sources: z.array(
    z.object({
      title: z.string(),
      place: z.string(),
      state: ProgressState,
      word: z.string(),
      /** Why it was dropped; else empty. */
      reason: z.string(),
    }),
  ),
  sections: z.array(
    z.object({
      heading: z.string(),
      state: ProgressState,
      word: z.string(),
      /** Its sentences once they are verified. `note` names a verdict that is a doubt; else it is empty. */
      paragraphs: z.array(z.array(z.object({ text: z.string(), note: z.string() }))),
    }),
  ),
  /** How sentences were judged so far; empty until it is known. */
  verdicts: z.string(),
  /** Whether questions can be added or skipped. */
  canSteer: z.boolean(),
  /** How the run ended without a report, and why; null while it goes on. `isNoAnswer`: it found nothing that answers. */
  ended: z.nullable(z.object({ title: z.string(), reason: z.string(), isNoAnswer: z.boolean() })),
});
export type RunViewData = z.infer<typeof RunViewData>;

/** The names of the page's own texts, which the host says in the window's language. */
export const ViewTextNames = [
  "verify",
  "verifyHelp",
  "refresh",
  "refreshHelp",
  "followUp",
  "copy",
  "copyHelp",
  "copyPlain",
  "copyPlainHelp",
  "openMarkdown",
  "openMarkdownHelp",
  "openPreview",
  "openPreviewHelp",
  "actions",
  "contents",
  "summary",
  "sources",
  "attention",
  "next",
  "previous",
  "citation",
  "open",
  "openPage",
  "snapshot",
  "sourceEntry",
  "fix",
  "citedBy",
  "notCited",
  "details",
  "sha256",
  "table",
  "quotes",
  "problems",
  "askTitle",
  "askLabel",
  "ask",
  "suggestions",
  "thread",
  "thisReport",
  "whatToTry",
  "tryOtherWords",
  "tryMoreSources",
  "tryNarrower",
  "research",
  "verified",
  "stop",
  "stopHelp",
  "finish",
  "finishHelp",
  "resume",
  "add",
  "addLabel",
  "addTooLate",
  "skip",
  "plan",
  "planPending",
  "sourcesPending",
  "sections",
  "sectionsPending",
  "progress",
] as const;
const TextName = z.enum(ViewTextNames);
export type TextName = z.infer<typeof TextName>;
const ViewTexts = z.record(TextName, z.string());
export type ViewTexts = z.infer<typeof ViewTexts>;

/** From the host to the page. */
export const HostMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("texts"), texts: ViewTexts }),
  z.object({ type: z.literal("report"), report: ReportViewData }),
  z.object({ type: z.literal("session"), session: SessionViewData }),
  z.object({ type: z.literal("run"), run: RunViewData }),
  /** The file cannot be shown as a report. */
  z.object({ type: z.literal("problem"), text: z.string() }),
  /** Read aloud by screen readers, and shown for a moment. */
  z.object({ type: z.literal("announcement"), text: z.string() }),
]);
export type HostMessage = z.infer<typeof HostMessage>;

/** Longest question that the page may send, in characters. */
const LONGEST_QUESTION = 4000;
const QuestionText = z.string().check(z.minLength(1), z.maxLength(LONGEST_QUESTION));

/** From the page to the host. */
export const PageMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({
    type: z.literal("open"),
    n: z.string().check(z.regex(/^\d{1,6}(?:\.\d{1,6})?$/)),
    at: z.enum(["source", "snapshot"]),
  }),
  /** `key` of the sentence to edit in the text editor. */
  z.object({ type: z.literal("edit"), key: z.int().check(z.gte(0), z.lte(1e6)) }),
  z.object({
    type: z.literal("action"),
    name: z.enum(["verify", "refresh", "copy", "copy-plain", "markdown", "preview", "research"]),
  }),
  z.object({ type: z.literal("ask"), question: QuestionText }),
  z.object({ type: z.literal("session"), session: z.string().check(z.maxLength(200)) }),
  z.object({ type: z.literal("control"), name: z.enum(["cancel", "finish", "resume", "research"]) }),
  z.object({ type: z.literal("add-question"), question: QuestionText }),
  z.object({ type: z.literal("skip-question"), id: z.string().check(z.regex(/^q\d{1,6}$/)) }),
]);
export type PageMessage = z.infer<typeof PageMessage>;
