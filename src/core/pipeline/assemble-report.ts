import { type EvidencePool } from "./gather.js";
import { describeUnreadFiles } from "../document/unread-formats.js";
import { describeRemovedCharacters } from "../../common/invisible-characters.js";
import type { OutlineDraft } from "../prompts/outline.js";
import { describeGaps, nearnessRemark } from "../report/gap-remarks.js";
import { remarkOnOpenQuestions } from "./open-points.js";
import { type RunState } from "./run-state.js";
import { OFFLINE_PROVIDER, type Claim, type Plan, type Report, type Section } from "../domain/schema.js";
import { type ReportConclusion, toRemark } from "./write-conclusion.js";
import { gapsOf } from "./write-outline.js";

/** The same sentence in two sections stands once, in the first. */
export function removeRepeatedSentences(sections: Section[]): Section[] {
  const said = new Set<string>();
  const fresh = ({ text, asBlock }: Claim): boolean => {
    // The signs of code count, so a block is compared to the letter.
    const key = asBlock === true ? `block: ${text}` : text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
    if (said.has(key)) return false;
    said.add(key);
    return true;
  };
  return sections
    .map((section) => ({
      ...section,
      paragraphs: section.paragraphs.map((each) => each.filter(fresh)).filter((each) => each.length > 0),
    }))
    .filter(({ paragraphs, table }) => paragraphs.length > 0 || table !== null);
}

/** Puts the report together. */
export function assembleReport(
  run: RunState,
  plan: Plan,
  outline: OutlineDraft,
  sections: Section[],
  conclusion: ReportConclusion,
  { evidence, sources, google }: EvidencePool,
): Report {
  const { ask, ports } = run;
  const { summary, disagreements } = conclusion;
  let { limits } = conclusion;
  // The order of failures depends on timing: sort them.
  run.shortfalls.sort();
  const isUnfinished = run.shortfalls.length > 0;
  const isGoogleAlone = google.length > 0 && ask.scope.every((each) => each === "google");
  if (sections.length === 0 && summary.length === 0 && !(isGoogleAlone && ask.pages.length === 0)) {
    run.shortfalls.push(`Nothing that answers the question was found in the sources that were read.`);
    const gaps = gapsOf(outline);
    limits = describeGaps(gaps).map(toRemark);
  } else {
    const open = remarkOnOpenQuestions(plan, { summary, sections, limits }, evidence);
    limits = [...limits, ...open.map(toRemark)];
    if (outline.hasAnswer === false) {
      const shortfall = nearnessRemark(gapsOf(outline));
      run.shortfalls.push(shortfall);
      // What stands on top is not said again below.
      limits = limits.filter(({ text }) => !shortfall.includes(text));
    }
  }
  return {
    title: plan.title,
    question: ask.question,
    ...(run.clarified.length === 0 ? {} : { clarified: run.clarified }),
    date: ask.day,
    engine: ports.model.engine,
    depth: ask.depth,
    session: ask.session,
    ...(ask.environment === undefined ? {} : { environment: ask.environment }),
    status: run.shortfalls.length > 0 ? "partial" : "done",
    partial: run.shortfalls.join(" "),
    ...(run.shortfalls.length === 0 ? {} : { partialReason: isUnfinished ? "unfinished" : "no-answer" }),
    ...withoutEcho(summary, sections, ports.model.engine === OFFLINE_PROVIDER),
    disagreements,
    limits: [
      ...limits,
      ...run.limits.toSorted().map(toRemark),
      ...describeUnreadFiles([...run.unread]).map(toRemark),
      ...removedRemarks(run),
    ],
    evidence,
    sources,
    ...(google.length === 0 ? {} : { google }),
  };
}

/** Sentences up to which one section is the answer itself. */
const SHORT_ANSWER = 4;

/**
 * A short answer stands once: not as a summary and again, word for word, as the only section.
 * @param once whether the summary is the beginning of the sections, in their own words: then it is not said again below
 */
function withoutEcho(
  summary: Claim[],
  sections: Section[],
  once: boolean,
): Pick<Report, "summary" | "sections"> {
  const [only] = sections;
  const said = only?.paragraphs.flat() ?? [];
  const isEcho =
    sections.length === 1 &&
    only?.table === null &&
    said.length <= SHORT_ANSWER &&
    said.every(({ asBlock }) => asBlock !== true) &&
    summary.every(({ text }) => said.some((claim) => claim.text === text));
  if (isEcho) return { summary: said, sections: [] };
  if (!once) return { summary, sections };
  const isNew = ({ text, asBlock }: Claim): boolean =>
    asBlock === true || !summary.some((claim) => claim.text === text);
  const rest = sections
    .map((section) => ({
      ...section,
      paragraphs: section.paragraphs.map((each) => each.filter(isNew)).filter((each) => each.length > 0),
    }))
    .filter(({ paragraphs, table }) => paragraphs.length > 0 || table !== null);
  return { summary, sections: rest };
}

function removedRemarks({ removed, invisible }: RunState): Claim[] {
  const sentences =
    removed === 0
      ? null
      : removed === 1
        ? "One sentence was removed because its quotes did not show what it said."
        : `${removed} sentences were removed because their quotes did not show what they said.`;
  return [sentences, describeRemovedCharacters(invisible, "what the model wrote")].flatMap((said) =>
    said === null ? [] : [toRemark(said)],
  );
}
