import type { QuestionKind } from "../../core/domain/schema.js";
import { asksForChanges, OTHER, scopeFactors } from "../../core/text/question-scope.js";
import { joinHeadings, splitHeadings } from "../../core/text/heading-trail.js";
import { definedName } from "../../core/text/program-definitions.js";
import { contentTerms } from "../../core/text/tokenize.js";
import type { EvidenceSummary } from "../../core/prompts/outline.js";
import { isCodeClaim } from "./code-claims.js";
import { entryName, isNameHeading } from "../../core/text/entry-name.js";
import { needsContext } from "./plain-text.js";
import { isTableClaim } from "./table-units.js";
import {
  asksForCode,
  asksForDefault,
  asksForNames,
  asksForPlaceInCode,
  containsAnswerType,
  definedSubject,
  expectedAnswerType,
  statesDefault,
  type AnswerType,
} from "./question-analysis.js";
import { isCommonVerb } from "./titles.js";
import {
  ALIAS,
  coverage,
  InverseDocumentFrequency,
  matchName,
  overlapCoefficient,
  phrasesOf,
  shareOfPhrases,
  shareOfTerms,
  termSet,
  weightedQuestionTerms,
  withWordForms,
  type QuestionTerms,
} from "./term-weights.js";

/*
 * Which section of the sources answers a question, and how much each piece of it does.
 */

/** Whether a question has the name that a signature defines, as it is written. */
function isAskedFor(signature: string, names: ReadonlySet<string>): boolean {
  const name = definedName(signature)?.replace(/\(\)$/, "") ?? "";
  return name.length > 2 && names.has(name.toLowerCase()) && !isCommonVerb(name);
}

/** A piece of evidence as it stands in its section. */
export interface Piece extends EvidenceSummary {
  terms: Set<string>;
  /** Number of words. */
  length: number;
  isCode: boolean;
  /** The name of the entry that it is; null for what is none. */
  name: string | null;
  /** What its name is worth, 0 to NAME_SHARE. */
  named: number;
  /** How much of the question it holds, 0 to about 1.5. */
  held: number;
  /** How well it answers: what it holds, and what its name and its phrases are worth. */
  score: number;
}

/** The evidence under one heading of one source, in the order of the text. */
export interface EvidenceSection {
  source: string;
  heading: string;
  /** The headings above. */
  under: string;
  pieces: Piece[];
  /** How well it answers, 0 to about 2. */
  score: number;
  /** The share of the question that it holds, heading and title included, 0 to 1. */
  held: number;
  /** Whether it is about another version, time or thing than the question is confined to. */
  isAboutAnother: boolean;
}

/** A question as sections are compared with it. */
interface Asked {
  terms: QuestionTerms;
  phrases: ReturnType<typeof phrasesOf>;
  sort: AnswerType;
  kind: QuestionKind;
  showsCode: boolean;
  isAboutCode: boolean;
  isAboutDefault: boolean;
  isAboutChanges: boolean;
  /** The question's words, in small letters, with the signs that names have. */
  names: ReadonlySet<string>;
  /** The terms of what is to be defined; empty where nothing is. */
  defined: Set<string>;
}

/** Ranks the sections of the evidence by how well they answer a question, best first. */
export function rankSections(
  question: string,
  kind: QuestionKind,
  evidence: EvidenceSummary[],
): EvidenceSection[] {
  const groups = groupBySection(
    asksForNames(question) ? evidence.map(withNameInText) : withEntriesApart(evidence),
  );
  const statistics = statisticsOf(evidence, groups);
  const asked: Asked = {
    terms: withWordForms(weightedQuestionTerms(question), statistics.rarity.terms()),
    phrases: phrasesOf(question),
    sort: expectedAnswerType(question),
    kind,
    showsCode: asksForCode(question),
    isAboutCode: asksForPlaceInCode(question),
    isAboutDefault: asksForDefault(question),
    isAboutChanges: asksForChanges(question),
    names: new Set(question.toLowerCase().match(/[\w$]+/g)),
    defined: termSet(definedSubject(question) ?? ""),
  };
  const factors = scopeFactors(
    question,
    groups.map((group) => ({
      source: group[0]?.source ?? "",
      heading: [group[0]?.under ?? "", group[0]?.heading ?? ""].filter((each) => each !== "").join(" > "),
      text: group.map(({ claim }) => claim).join("\n"),
    })),
  );
  return groups
    .map((group, at) => {
      const section = scoreSection(group, asked, statistics);
      const factor = factors[at] ?? 1;
      const isTheRelease = asked.isAboutChanges && factor > 1 && NEWS.test(section.source);
      return {
        ...section,
        score: (section.score + (isTheRelease ? THE_RELEASE : 0)) * factor,
        isAboutAnother: factor <= OTHER,
      };
    })
    .sort((a, b) => b.score - a.score || numberOf(a) - numberOf(b));
}

/** What a section is compared with. */
interface SectionStatistics {
  rarity: InverseDocumentFrequency;
  /** Mean length of a section, in characters. */
  meanLength: number;
  /** Titles of the sources, those that the search ranked best first. */
  sources: string[];
}

/** A question's parts are compared with the same evidence: what is known of it is found once. */
const knownStatistics = new WeakMap<EvidenceSummary[], SectionStatistics>();
const knownTerms = new WeakMap<EvidenceSummary, Set<string>>();

function statisticsOf(evidence: EvidenceSummary[], groups: EvidenceSummary[][]): SectionStatistics {
  const known = knownStatistics.get(evidence);
  if (known !== undefined) return known;
  const statistics = {
    rarity: new InverseDocumentFrequency(
      groups.map((group) => [group[0]?.heading ?? "", ...group.map(({ claim }) => claim)].join(" ")),
    ),
    meanLength: evidence.reduce((sum, { claim }) => sum + claim.length, 0) / Math.max(1, groups.length),
    sources: [...new Set(evidence.map(({ source }) => source))],
  };
  knownStatistics.set(evidence, statistics);
  return statistics;
}

function termsOfClaim(evidence: EvidenceSummary): Set<string> {
  const terms = knownTerms.get(evidence) ?? termSet(evidence.claim);
  knownTerms.set(evidence, terms);
  return terms;
}

function numberOf({ pieces }: EvidenceSection): number {
  return Number(pieces[0]?.id.replace(/\D/g, "") ?? 0);
}

/** A heading that is a name, as of a long option, is one of the names of the section above it. */
function withNameInText(each: EvidenceSummary): EvidenceSummary {
  const trail = splitHeadings(each.under ?? "");
  const heading = trail.pop();
  if (heading === undefined || /\s/.test(each.heading)) return each;
  const above = { ...each, heading };
  delete above.under;
  return trail.length === 0 ? above : { ...above, under: joinHeadings(trail) };
}

/**
 * Entries of a list in which longer ones have sections of their own are sections, too: those above the first of these, and
 * those below one, which are none of it. What follows such an entry goes on with it.
 */
function withEntriesApart(evidence: EvidenceSummary[]): EvidenceSummary[] {
  const lists = new Set(
    evidence.filter(isExplained).map(({ source, under = "" }) => JSON.stringify([source, under])),
  );
  let open: { section: string; heading: string; under: string } | null = null;
  return evidence.map((each) => {
    const { source, under = "", heading } = each;
    const section = JSON.stringify([source, under, heading]);
    if (open?.section !== section) open = null;
    const name = entryName(each.claim);
    if (name === null) return open === null ? each : { ...each, heading: open.heading, under: open.under };
    open = null;
    if (isExplained(each)) return each;
    const trail = [under, heading].filter((part) => part !== "").join(" > ");
    if (lists.has(JSON.stringify([source, trail]))) return { ...each, heading: name, under: trail };
    // Below a function or a dotted setting stand its parameters; flags are seldom parts of anything.
    const isSibling = name.startsWith("-") || !/[(.]/.test(heading);
    if (!isSibling || !isNameHeading(heading) || !lists.has(JSON.stringify([source, under]))) return each;
    open = { section, heading: name, under };
    return { ...each, heading: name };
  });
}

/** Whether a claim explains the name in its heading. */
function isExplained({ claim, heading }: EvidenceSummary): boolean {
  const name = entryName(claim);
  return name !== null && isSameName(name, heading);
}

/** Whether two names are one but for marks and spaces. */
export function isSameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  return plain(a) === plain(b);
}

function groupBySection(evidence: EvidenceSummary[]): EvidenceSummary[][] {
  const groups = new Map<string, EvidenceSummary[]>();
  for (const each of evidence) {
    const key = JSON.stringify([each.source, each.under ?? "", each.heading]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function scoreSection(
  group: EvidenceSummary[],
  given: Asked,
  statistics: SectionStatistics,
): Omit<EvidenceSection, "isAboutAnother"> {
  const { source = "", heading = "", under = "" } = group[0] ?? {};
  const { rarity, meanLength, sources } = statistics;
  const headingTerms = termSet(heading);
  const sourceTerms = termSet(source);
  // "Contoso's revenue" is just the revenue in a report of Contoso.
  const own = [...given.defined].filter((term) => !sourceTerms.has(term));
  const asked = own.length === 0 ? given : { ...given, defined: new Set(own) };
  const titleTerms = new Set([...sourceTerms, ...termSet(under)]);
  const around = new Set([...headingTerms, ...titleTerms]);
  const pieces = group.map((each): Piece => {
    const terms = termsOfClaim(each);
    const isCode = isCodeClaim(each.claim);
    const name = entryName(each.claim);
    const length = each.claim.split(/\s+/).length;
    const named = name === null ? 0 : NAME_SHARE * matchName(asked.terms, name, rarity);
    const held = scorePiece(each.claim, terms, isCode, around, asked, rarity) * damp(length);
    const phrased = held === 0 || isCode ? 0 : PHRASE_SHARE * shareOfPhrases(asked.phrases, each.claim);
    return { ...each, terms, length, isCode, name, named, held, score: held + named + phrased };
  });
  const none = new Set<string>();
  const union = new Set([...pieces.flatMap(({ terms }) => [...terms]), ...around]);
  const best = Math.max(0, ...pieces.map(({ score }) => score));
  const text = group.map(({ claim }) => claim).join(" ");
  const body = frequencies(text, text.length / Math.max(1, meanLength));
  const score =
    FREQUENCY_SHARE * weighFrequencies(asked.terms, body, headingTerms, titleTerms, rarity) +
    PIECE_SHARE * best +
    Math.max(0, ...pieces.map(({ named }) => named)) * SECTION_NAMED +
    HEADING_SHARE *
      precision(headingTerms, asked.terms) *
      coverage(asked.terms, headingTerms, titleTerms, rarity) +
    TITLE_SHARE * precision(sourceTerms, asked.terms) * coverage(asked.terms, sourceTerms, none, rarity);
  const rank = sources.indexOf(source);
  return {
    source,
    heading,
    under,
    pieces,
    held: coverage(asked.terms, union, none, rarity),
    score: score * (1 + SEARCH_RANK / (1 + rank)) * factorOf({ source, heading, under }, pieces, asked),
  };
}

/** What the notes on the release asked for are worth beside their words: they seldom have those of the question. */
const THE_RELEASE = 0.6;
const FREQUENCY_SHARE = 0.55;
const TITLE_SHARE = 0.5;
const PIECE_SHARE = 0.3;
const HEADING_SHARE = 0.35;
/** What the name of an entry is worth beside its words, if it is what was asked for and nothing else. */
export const NAME_SHARE = 0.6;
/** So much of it counts for the section as a whole. */
const SECTION_NAMED = 0.6;
/** What it is worth that words stand together as they do in the question. */
export const PHRASE_SHARE = 0.15;
/** What it is worth to say a default where one is asked for: many sentences tell what can be set. */
export const STATES_DEFAULT = 1.3;
/** How much the rank that the search gave a source counts. */
const SEARCH_RANK = 0.25;

/** How much of a heading is asked for: one about something more special is rather not what was meant. 0.4 to 1. */
function precision(heading: ReadonlySet<string>, wants: QuestionTerms): number {
  if (heading.size === 0) return 1;
  const aliases = new Set([...wants.values()].flatMap((each) => each.aliases));
  const held = [...heading].filter((term) => wants.has(term) || aliases.has(term)).length;
  return 0.4 + (0.6 * held) / heading.size;
}

/** What is long holds many words by chance. */
function damp(words: number): number {
  return 1 / (1 + Math.max(0, words - 40) / 100);
}

/** How often each term stands in a text, by the text's length relative to others'. */
function frequencies(text: string, length: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const term of contentTerms(text)) found.set(term, (found.get(term) ?? 0) + 1);
  const norm = 1 - LENGTH_SHARE + LENGTH_SHARE * length;
  return new Map([...found].map(([term, count]) => [term, count / norm]));
}

/** BM25's constants, and what a term counts in a heading and in a title. */
const LENGTH_SHARE = 0.5;
const SATURATION = 1.2;
const IN_HEADING = 2.5;
const IN_TITLE = 1.2;

/** BM25F over text, heading and title, as a share of what a section with all terms, very often, would have. */
function weighFrequencies(
  wants: QuestionTerms,
  body: ReadonlyMap<string, number>,
  heading: ReadonlySet<string>,
  title: ReadonlySet<string>,
  rarity: InverseDocumentFrequency,
): number {
  const frequency = (term: string): number =>
    (body.get(term) ?? 0) + (heading.has(term) ? IN_HEADING : 0) + (title.has(term) ? IN_TITLE : 0);
  return shareOfTerms(wants, rarity, ({ term, aliases }) => {
    const count = frequency(term) + ALIAS * Math.max(0, ...aliases.map(frequency));
    return count / (count + SATURATION);
  });
}

/** Text that only says what changed, or what was to be announced. */
const NEWS =
  /\b(?:change ?log|changes|release notes?|releases?|history|news|announcing|what'?s new|migration|migrating|upgrad(?:e|ing)|deprecat\w+|superseded|archived?)\b/i;

function factorOf(
  place: Pick<EvidenceSection, "source" | "heading" | "under">,
  pieces: Piece[],
  asked: Asked,
): number {
  const { source, heading } = place;
  let factor = 1;
  if (asked.showsCode && pieces.some(({ isCode }) => isCode)) {
    factor *= pieces.some(({ isCode, score }) => isCode && score > 0.3) ? 1.25 : 1.15;
  }
  // The comments of code explain less than a document does, unless code is what was asked for. A package often has no other.
  if (isProgram(place) && !OF_PACKAGE.test(source))
    factor *= asked.isAboutCode ? 1.4 : isAskedFor(heading, asked.names) ? 1.2 : 0.7;
  if (NEWS.test(source) || NEWS.test(heading)) {
    const wanted = [...termSet(`${source} ${heading}`)].some(
      (term) => asked.terms.has(term) && NEWS.test(term),
    );
    if (!wanted && !asked.isAboutChanges) factor *= 0.6;
  }
  if (asked.defined.size > 0) {
    if (overlapCoefficient(termSet(heading), asked.defined) > 0.9 && heading !== "") factor *= 1.2;
    if (pieces.some(({ claim }) => isDefinition(claim, asked.defined))) factor *= 1.25;
  }
  return factor;
}

function scorePiece(
  claim: string,
  terms: Set<string>,
  isCode: boolean,
  around: Set<string>,
  asked: Asked,
  rarity: InverseDocumentFrequency,
): number {
  let score = coverage(asked.terms, terms, around, rarity);
  if (asked.sort !== "any" && containsAnswerType(asked.sort, claim)) score *= 1.15;
  if (asked.isAboutDefault && statesDefault(claim)) score *= STATES_DEFAULT;
  if (asked.defined.size > 0 && isDefinition(claim, asked.defined)) score *= 1.4;
  if (isCode) return asked.showsCode ? score : score * 0.8;
  if (isTableClaim(claim)) return score;
  if (entryName(claim) !== null) return score;
  if (hasJoint(claim)) score *= 0.6;
  if (!/[.!?…。！？:]["'”’)\]`]*$/.test(claim)) score *= 0.6;
  if (needsContext(claim)) score *= 0.85;
  return score;
}

/** Whether a sentence begins with a subject and says what it is or does. */
export function isDefinition(claim: string, subject: ReadonlySet<string>): boolean {
  const name = entryName(claim);
  if (name !== null) {
    const terms = termSet(name);
    return terms.size <= subject.size + 2 && [...subject].every((term) => terms.has(term));
  }
  const match =
    /^(.{2,80}?)\s+(?:is|are|was|were|means|refers to|defines|lets|allows|returns|does|[a-z]+s)\b/.exec(
      claim,
    );
  if (match === null) return false;
  const opening = termSet(match[1] ?? "");
  return opening.size <= subject.size + 2 && [...subject].every((term) => opening.has(term));
}

/** Whether a sentence says in so many words what a thing is, not only what it does: "DRD is a tool for …". */
export function saysWhatItIs(claim: string, subject: ReadonlySet<string>): boolean {
  const opening =
    /^(.{2,60}?)\s+(?:is|are|means?|refers? to|specif(?:y|ies)|ist|sind|bedeutet|bezeichnet)\s/.exec(claim);
  if (opening === null) return false;
  const terms = termSet(opening[1] ?? "");
  const [first = ""] = terms;
  return (
    subject.has(first) && terms.size <= subject.size + 1 && [...subject].every((term) => terms.has(term))
  );
}

/**
 * Two words run together where a page's tags were taken out: "quick starts.API Documentation". A word that begins small
 * or has a sign behind it is a name.
 */
function hasJoint(claim: string): boolean {
  const prose = claim.replace(/`[^`]*`/g, "");
  const words = prose.match(/\p{L}+(?:[.:]\p{L}+)*[=(]?/gu) ?? [];
  return words.some(
    (word) =>
      /\p{Ll}{3}[.:]\p{Lu}\p{Ll}{3}/u.test(word) ||
      (/^\p{Lu}/u.test(word) && /\p{L}$/u.test(word) && /\p{Ll}{3}\p{Lu}\p{Ll}{3}/u.test(word)),
  );
}

/** A package's file has the package before it: "zod@4.6.7 v4/core/parse.d.ts". */
const OF_PACKAGE = /^\S{1,200}@\S{1,50} /;

/**
 * Whether a section is one of a program: a file without a title of its own, whose headings are signatures. A document that is
 * named like a file ("Commander.js") has its title above its headings.
 */
export function isProgram({
  source,
  heading,
  under,
}: Pick<EvidenceSection, "source" | "heading" | "under">): boolean {
  const isTitled = under === source || under.startsWith(`${source} > `) || heading === source;
  return /^\S+\.\w{1,5}$/.test(source.replace(OF_PACKAGE, "")) && !isTitled;
}
