import { toMessage } from "../../common/messages.js";
import * as z from "zod";
import {
  diceCoefficient,
  diffClaims,
  type ReportChanges,
  type ChangedSource,
} from "../report/report-diff.js";
import { estimateRefresh } from "./estimate.js";
import { addGroundedAnswer, searchQuestion, type EvidencePool } from "./gather.js";
import { reextractEvidence, rereadSource, type RereadResult } from "./reread-source.js";
import type { OutlineDraft } from "../prompts/outline.js";
import type { Ports } from "../domain/ports.js";
import { listClaims } from "../report/render-report.js";
import { checkSection, draftSection, type DraftedSection } from "./write-section.js";
import { assembleReport, removeRepeatedSentences } from "./assemble-report.js";
import { writeConclusion, type ReportConclusion } from "./write-conclusion.js";
import { createRunState, type ResearchInput, type RunState } from "./run-state.js";
import {
  OFFLINE_PROVIDER,
  Plan,
  Report,
  type Claim,
  type Evidence,
  type Question,
  type Section,
  type Source,
  type SourceLocation,
} from "../domain/schema.js";
import { toCitableEvidence } from "./judge-sentences.js";

/** What a refresh goes on from: a report as it was made. */
export const SessionReport = z.object({
  report: Report,
  plan: Plan,
  /** What the last outline left open. */
  gaps: z.array(z.string()),
});
export type SessionReport = z.infer<typeof SessionReport>;

export interface RefreshOutcome {
  /** Null where nothing changed: then the earlier report stands as it is. */
  report: Report | null;
  changes: ReportChanges;
}

/**
 * Brings a report up to date: reads each source that it cites again, keeps what still stands, and writes
 * anew only the sections whose evidence changed. As `research`, it is made of durable steps.
 *
 * @throws ResearchError where it may not cost what it may; AbortError on cancel
 */
export async function refreshResearch(
  base: SessionReport,
  ask: ResearchInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<RefreshOutcome> {
  const run = createRunState(ask, ports, signal);
  const old = base.report;
  if (old.status === "partial") run.shortfalls.push(old.partial);

  const seen = await Promise.all(citedSources(old).map((source) => rereadSource(run, source)));
  const changed = seen.filter(({ state }) => state === "changed").length;
  const searches = canSearchAgain(run) ? questionsOfGoogle(base) : [];
  if (searches.length === 0 && seen.every(({ state }) => state === "same" || state === "kept")) {
    return {
      report: null,
      changes: whatChanged(old, null, toldOf(seen, []), { rewritten: [], removed: [] }),
    };
  }
  await agree(run, base, changed, searches.length);

  const again = await gatherAgain(run, base, seen, searches);
  const standing = withCurrentQuotes(old, again.evidence);
  const parts = partsOf(standing);
  const given = assign(parts, old, again);
  const known = new Set(again.evidence.map(({ id }) => id));
  const isTouched = (part: Part): boolean =>
    part.cited.some((id) => !known.has(id)) || given(part).some(({ id }) => again.fresh.has(id));

  // A section whose evidence is all gone is not written any more.
  const left = parts.filter((part) => given(part).length > 0);
  const outlined = (part: Part) => ({
    heading: part.section.heading,
    evidence: given(part).map(({ id }) => id),
  });
  const outline: OutlineDraft = {
    sections: left.map(outlined),
    gaps: base.gaps.map((what) => ({ question: what, query: what, what })),
  };
  const plan = { ...base.plan, title: old.title };
  const drafting = left.map((part) => ({
    part,
    draft: isTouched(part)
      ? draftSection(run, plan, outline, outlined(part), again)
      : Promise.resolve(asItStands(part, again)),
  }));
  const rewritten = parts.filter(isTouched);
  const isConcluded = rewritten.length > 0 || concludingOf(old).some((id) => !known.has(id));
  const concluding = isConcluded
    ? Promise.all(drafting.map(({ draft }) => draft)).then((drafts) =>
        writeConclusion(run, plan, outline, drafts, again),
      )
    : Promise.resolve<ReportConclusion>(standing);
  const checking = Promise.all(
    drafting.map(async ({ part, draft }) =>
      isTouched(part) ? checkSection(run, await draft) : part.section,
    ),
  );
  const [checked, conclusion] = await Promise.all([checking, concluding]);
  const sections = standFirst(
    checked.filter(({ paragraphs, table }) => paragraphs.length > 0 || table !== null),
    parts.filter((part) => !isTouched(part)).map(({ section }) => section),
  );
  const shown = old.sections.length === 0 && !isConcluded ? [] : sections;
  const report = assembleReport(run, plan, outline, shown, conclusion, again);
  const written = new Set(sections.map(({ heading }) => heading));
  const named = old.sections.length === 0 ? [] : rewritten.map(({ section: { heading } }) => heading);
  const changes = whatChanged(old, report, toldOf(seen, again.found), {
    rewritten: named.filter((heading) => written.has(heading)),
    removed: named.filter((heading) => !written.has(heading)),
  });
  return { report, changes };
}

/** The sources that a report cites, in its order. */
function citedSources(report: Report): Source[] {
  const cited = new Set(listClaims(report).flatMap(({ evidence }) => evidence));
  const used = new Set(report.evidence.filter(({ id }) => cited.has(id)).map(({ source }) => source));
  return report.sources.filter((_, index) => used.has(index));
}

/** A section with the evidence that it cites. A short answer has no sections: then its summary is one. */
interface Part {
  section: Section;
  cited: string[];
}

function partsOf(report: Report): Part[] {
  const { title, summary, sections } = report;
  const own =
    sections.length > 0 ? withLead(report) : [{ heading: title, paragraphs: [summary], table: null }];
  return own.map((section) => ({
    section,
    cited: citedIn([...section.paragraphs.flat(), ...(section.table?.rows ?? [])]),
  }));
}

/** The sections, the first with what only the summary says: the offline engine's summary is the beginning of the text. */
function withLead({ engine, summary, sections }: Report): Section[] {
  const [first, ...others] = sections;
  const known = new Set(citedIn(sections.flatMap(({ paragraphs }) => paragraphs.flat())));
  const lead = summary.filter(({ evidence }) => evidence.some((id) => !known.has(id)));
  if (engine !== OFFLINE_PROVIDER || first === undefined || lead.length === 0) return sections;
  return [{ ...first, paragraphs: [lead, ...first.paragraphs] }, ...others];
}

/** A report whose blocks show their quotes as the sources have them now: white space in them may have changed. */
function withCurrentQuotes(report: Report, evidence: Evidence[]): Report {
  const quotes = new Map(evidence.map(({ id, quote }) => [id, quote]));
  const current = (claim: Claim): Claim =>
    claim.asBlock === true ? { ...claim, text: quotes.get(claim.evidence[0] ?? "") ?? claim.text } : claim;
  return {
    ...report,
    summary: report.summary.map(current),
    sections: report.sections.map((section) => ({
      ...section,
      paragraphs: section.paragraphs.map((paragraph) => paragraph.map(current)),
    })),
    disagreements: report.disagreements.map(current),
    limits: report.limits.map(current),
  };
}

function citedIn(claims: Claim[]): string[] {
  return [...new Set(claims.flatMap(({ evidence }) => evidence))];
}

function concludingOf({ summary, disagreements, limits }: Report): string[] {
  return citedIn([...summary, ...disagreements, ...limits]);
}

/** Whether Google can be asked again. */
function canSearchAgain({ ports }: RunState): boolean {
  return ports.searches.some(({ kind }) => kind === "answers");
}

/** The questions whose answers the report cites from Google. */
function questionsOfGoogle({ report, plan }: SessionReport): Question[] {
  const cited = new Set(citedIn(listClaims(report)));
  const ids = new Set(
    report.evidence
      .filter(({ id, check }) => check === "grounded" && cited.has(id))
      .flatMap(({ questions }) => questions),
  );
  if (ids.size === 0) return [];
  const asked = questionsOf(report, plan).filter(({ id }) => ids.has(id));
  // Questions of later rounds are no part of the plan.
  return asked.length > 0 ? asked : questionsOf(report, plan).slice(0, 1);
}

function questionsOf({ question }: Report, plan: Plan): Question[] {
  return [{ id: "q0", question, query: question }, ...plan.questions];
}

/** Says what the rest may cost, and asks whether it shall run. */
async function agree(
  run: RunState,
  { report, plan }: SessionReport,
  changed: number,
  searches: number,
): Promise<void> {
  const { model, emit, approve } = run.ports;
  const sections = partsOf(report).length;
  const cost = estimateRefresh({ changed, sections, searches }, model);
  emit({ type: "planned", plan, estimate: cost });
  await approve?.(cost);
}

/** The sources and the evidence as they are now. */
interface Again extends EvidencePool {
  /** Ids of evidence that is new. */
  fresh: Set<string>;
  /** Sources that are new. */
  found: Source[];
}

/** Collects what still stands, under the same ids, and behind it what is new. */
async function gatherAgain(
  run: RunState,
  base: SessionReport,
  seen: RereadResult[],
  searches: Question[],
): Promise<Again> {
  const { report, plan } = base;
  const questions = questionsOf(report, plan);
  const [looks, answers] = await Promise.all([
    Promise.all(
      seen.map(async (look) => {
        const known = report.evidence.filter(({ source }) => report.sources[source] === look.old);
        if (look.state === "vanished") return { source: null, standing: [], fresh: [] };
        if (look.state === "kept") return { source: look.old, standing: known, fresh: [] };
        if (look.state === "same") return { source: look.source, standing: known, fresh: [] };
        return { source: look.source, ...(await reextractEvidence(run, look, known, questions)) };
      }),
    ),
    Promise.all(searches.map(async (question) => ({ question, found: await searchQuestion(run, question) }))),
  ]);
  const grounded = answers.flatMap(({ question, found }) =>
    found.flatMap((each) => (each.grounded === null ? [] : [{ question, grounded: each.grounded }])),
  );
  const again: Again = {
    sources: [],
    sketches: [],
    evidence: [],
    tried: new Set(),
    // What Google said then stands as it was: it is not asked again.
    google: report.google ?? [],
    fresh: new Set(),
    found: [],
  };
  const added: Omit<Evidence, "id">[] = [];
  for (const { source, standing, fresh } of looks) {
    // What Google says now takes the place of what it said.
    if (source === null || (source.place.kind === "grounded" && grounded.length > 0)) continue;
    const index = again.sources.push(source) - 1;
    again.evidence.push(...standing.map((each) => ({ ...each, source: index })));
    added.push(...fresh.map((each) => ({ ...each, source: index })));
  }
  const google: EvidencePool = {
    sources: [...again.sources],
    sketches: [],
    evidence: [],
    tried: new Set(),
    google: [],
  };
  const share = Math.max(1, Math.ceil(run.ask.maxSources / Math.max(1, grounded.length)));
  for (const { question, grounded: answer } of grounded)
    addGroundedAnswer(run, google, answer, question, share);
  again.found = google.sources.slice(again.sources.length);
  again.sources.push(...again.found);
  added.push(...google.evidence);

  let last = Math.max(0, ...report.evidence.map(({ id }) => Number(id.slice(1))));
  for (const each of added) {
    const id = `e${++last}`;
    again.evidence.push({ ...each, id });
    again.fresh.add(id);
  }
  // As in a first research: in the order of the text.
  again.evidence.sort((a, b) => a.source - b.source || a.start - b.start || a.end - b.end);
  return again;
}

/** Gives each part the evidence that it cites and that still stands, and each new piece to the part it fits best. */
function assign(parts: Part[], old: Report, again: Again): (part: Part) => Evidence[] {
  const given = new Map(parts.map((part) => [part, new Set(part.cited)]));
  const before = new Map(old.evidence.map((each) => [each.id, each]));
  for (const fresh of again.evidence.filter(({ id }) => again.fresh.has(id))) {
    const source = again.sources[fresh.source];
    let best: { part: Part; fits: number } | null = null;
    for (const part of parts) {
      for (const id of part.cited) {
        const known = before.get(id);
        if (known === undefined || !isOneSource(old.sources[known.source], source)) continue;
        const fits =
          diceCoefficient(known.quote, fresh.quote) +
          (known.questions.some((each) => fresh.questions.includes(each)) ? 0.1 : 0);
        if (best === null || fits > best.fits) best = { part, fits };
      }
    }
    if (best !== null) given.get(best.part)?.add(fresh.id);
  }
  return (part) => again.evidence.filter(({ id }) => given.get(part)?.has(id));
}

/** Whether one takes the place of the other: a place read again, or what Google found now for what it found then. */
function isOneSource(old: Source | undefined, now: Source | undefined): boolean {
  if (old === undefined || now === undefined) return false;
  if (old.place.kind === "grounded" || now.place.kind === "grounded")
    return old.place.kind === now.place.kind;
  return identity(old.place) === identity(now.place);
}

/** A place whatever the version of its package. */
function identity(place: SourceLocation): string {
  if (place.kind !== "package") return JSON.stringify(place);
  const { ecosystem, name, path } = place;
  return JSON.stringify({ ecosystem, name, path });
}

/** A part that nothing changed in, as the summary is written from it. */
function asItStands({ section, cited }: Part, { evidence, sources }: EvidencePool): DraftedSection {
  return {
    heading: section.heading,
    lengths: section.paragraphs.map(({ length }) => length),
    sentences: section.paragraphs.flat(),
    columns: section.table?.columns ?? [],
    rows: section.table?.rows ?? [],
    given: toCitableEvidence(
      evidence.filter(({ id }) => cited.includes(id)),
      sources,
    ),
    own: true,
  };
}

/** Removes sentences from rewritten sections that already occur in an unchanged section. */
function standFirst(sections: Section[], untouched: Section[]): Section[] {
  const rest = sections.filter((section) => !untouched.includes(section));
  // Two sections may have one heading: while they are compared they are told apart by their place.
  const numbered = rest.map((section) => ({ ...section, heading: `${sections.indexOf(section)}` }));
  const kept = removeRepeatedSentences([...untouched, ...numbered]);
  return sections.flatMap((section, index) => {
    if (untouched.includes(section)) return [section];
    const fresh = kept.find(({ heading }) => heading === `${index}`);
    return fresh === undefined ? [] : [{ ...fresh, heading: section.heading }];
  });
}

/** The sources that are not as they were. */
function toldOf(seen: RereadResult[], found: Source[]): ChangedSource[] {
  const told = seen.flatMap((look): ChangedSource[] => {
    const { place, title } = look.old;
    if (look.state === "same") return [];
    if (look.state === "changed") return [{ place, title, state: "changed", why: look.why ?? toMessage("") }];
    const isReplaced = place.kind === "grounded" && found.length > 0;
    return isReplaced ? [] : [{ place, title, state: look.state, why: look.why }];
  });
  return [
    ...told,
    ...found.map(({ place, title }): ChangedSource => ({ place, title, state: "new", why: toMessage("") })),
  ];
}

function whatChanged(
  old: Report,
  now: Report | null,
  sources: ChangedSource[],
  sections: ReportChanges["sections"],
): ReportChanges {
  return { claims: diffClaims(old, now ?? old), sections, sources };
}
