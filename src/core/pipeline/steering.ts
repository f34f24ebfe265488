import { msg, type Message } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { parseQuestion } from "../domain/research-request.js";
import type { Question } from "../domain/schema.js";
import { contentTerms } from "../text/tokenize.js";

/*
 * What the user changes while a research runs. A change belongs to the round in whose gathering it takes
 * effect and is kept before it does, so that a run that is resumed or replayed makes the same changes.
 */

/** One change: a sub-question left out, by its id, or one more, as the user wrote it. */
export interface SteeringChange {
  round: number;
  skip?: string | undefined;
  add?: string | undefined;
}

/** Sources that one added question is answered from at most, those that were read before among them. */
export const SOURCES_PER_ADDED_QUESTION = 3;
/** Questions that may be added to one research. */
const MOST_ADDED = 10;
const LONGEST = 500;

/** For whoever watches: changes the run. Both throw a ResearchError, made for a person, where it is too late. */
export interface SteeringControls {
  /** The sub-questions that may be left out at this moment. */
  questions(): Question[];
  /** Leaves a sub-question out. What is under way for it is kept, but no longer waited for. */
  skip(id: string): Promise<void>;
  /** Adds a question, which is gathered after those of the round. */
  add(question: string): Promise<void>;
}

/** For the method: the changes that stand, and where it is, so that more can be taken or refused. */
export interface SteeringState {
  skipped(round: number): ReadonlySet<string>;
  /** In the order in which they were added; may grow while the round is gathered. */
  added(round: number): readonly string[];
  /** Resolves when one more question of the round is left out. */
  nextSkip(): Promise<void>;
  /** The gathering of a round begins: from now on these may be left out. */
  begin(round: number, questions: readonly Question[]): void;
  /** One more question of the round is gathered. */
  ask(question: Question): void;
  /** The round is gathered: its questions stand, and what is added now belongs to the next. */
  gathered(): void;
  /** The report is being written: nothing more is taken. */
  close(): void;
}

/**
 * Opens the steering of one run.
 * @param known the changes of the session's earlier runs, in order
 * @param keep writes a change down; called before it takes effect
 */
export function createSteering(
  known: readonly SteeringChange[],
  keep: (change: SteeringChange) => Promise<unknown>,
): { controls: SteeringControls; state: SteeringState } {
  const changes = [...known];
  /** The round that is gathered, or the one that would come next. */
  let round = 1;
  let open: Question[] = [];
  const asked = new Map<string, string>();
  let isOver = false;
  let waiting: (() => void)[] = [];

  const skipped = (of: number): Set<string> =>
    new Set(changes.flatMap((change) => (change.round === of ? (change.skip ?? []) : [])));
  const added = (of: number): string[] =>
    changes.flatMap((change) => (change.round === of ? (change.add ?? []) : []));

  /** What was left out may be asked anew. */
  const isAsked = (text: string, all: string[]): boolean => {
    const left = new Set(changes.flatMap(({ skip }) => skip ?? []));
    const begun = [...asked.values()];
    const current = [...asked].flatMap(([id, question]) => (left.has(id) ? [] : question));
    return [...current, ...all.filter((each) => !begun.includes(each))].some(
      (each) => each.toLowerCase() === text.toLowerCase(),
    );
  };

  const take = async (change: SteeringChange): Promise<void> => {
    const kept = keep(change);
    changes.push(change);
    if (change.skip !== undefined) {
      for (const tell of waiting) tell();
      waiting = [];
    }
    await kept;
  };

  const controls: SteeringControls = {
    questions: () => (isOver ? [] : open.filter(({ id }) => id !== "q0" && !skipped(round).has(id))),
    async skip(id) {
      if (changes.some(({ skip }) => skip === id)) return;
      const question = asked.get(id);
      if (question === undefined) throw tooLate(msg`This run has no such question.`, "");
      if (id === "q0") {
        throw tooLate(msg`Your own question cannot be skipped.`, msg`Cancel the run, or finish it now.`);
      }
      if (isOver || !open.some((each) => each.id === id)) {
        throw tooLate(msg`“${question}” can no longer be skipped: its sources are already gathered.`, "");
      }
      await take({ round, skip: id });
    },
    async add(given) {
      const text = parseQuestion(given).slice(0, LONGEST);
      if (isOver) {
        throw tooLate(
          msg`The report is already being written; questions can no longer be added.`,
          msg`Ask the question in a new run.`,
        );
      }
      const all = changes.flatMap((change) => change.add ?? []);
      if (isAsked(text, all)) throw tooLate(msg`“${text}” is already being researched.`, "");
      if (all.length >= MOST_ADDED) {
        throw tooLate(
          msg`No more than ${MOST_ADDED} questions can be added.`,
          msg`Ask more questions in a new run.`,
        );
      }
      await take({ round, add: text });
    },
  };

  const state: SteeringState = {
    skipped,
    added,
    nextSkip: () => new Promise((resolve) => waiting.push(resolve)),
    begin(number, questions) {
      round = number;
      open = [...questions];
      for (const { id, question } of questions) asked.set(id, question);
    },
    ask(question) {
      if (!open.some(({ id }) => id === question.id)) open.push(question);
      asked.set(question.id, question.question);
    },
    gathered() {
      open = [];
      round++;
    },
    close: () => {
      isOver = true;
    },
  };
  return { controls, state };
}

function tooLate(message: Message, remedy: Message | string): ResearchError {
  return new ResearchError("too-late", message, remedy);
}

/**
 * What must still be covered when some sub-questions are skipped. Drops the phrases that match a skipped
 * question better than any remaining one.
 */
export function coverWithoutSkipped(
  cover: string[],
  questions: Question[],
  left: ReadonlySet<string>,
): string[] {
  if (left.size === 0) return cover;
  const terms = questions
    // Exclude the user's own question: it matches every phrase.
    .filter(({ id }) => id !== "q0")
    .map(({ id, question, query }) => ({ id, terms: new Set(contentTerms(`${question} ${query}`)) }));
  return cover.filter((phrase) => {
    const wanted = new Set(contentTerms(phrase));
    const closeness = (isLeft: boolean): number =>
      Math.max(
        0,
        ...terms
          .filter(({ id }) => left.has(id) === isLeft)
          .map((each) => [...wanted].filter((term) => each.terms.has(term)).length),
      );
    return closeness(true) <= closeness(false);
  });
}
