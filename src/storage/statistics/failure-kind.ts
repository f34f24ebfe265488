import type { ErrorCode } from "../../common/errors.js";

/*
 * Classifies failures. Journals have an error code; older ones have only the message.
 */

export type FailureKind = ErrorCode | "other";

/** Phrases of messages in older journals; the first match counts. Messages of later versions need no entry here. */
const MESSAGES: [RegExp, ErrorCode][] = [
  [/used up|not part of the Gemini key's plan/, "day-quota"],
  [/allows no more requests|had enough questions/, "rate-limit"],
  [
    /does not know this Gemini key|Gemini key \((?:401|403)\)|Gemini key has blanks|may not be used for this/,
    "bad-key",
  ],
  [/with this key here|billing is not set up/, "billing"],
  [/Gemini cannot be reached/, "no-network"],
  [/connection to Gemini broke|Gemini is overloaded/, "overloaded"],
  [/did not answer (?:in time|within)|took longer than/, "timeout"],
  [/does not have this model/, "unknown-model"],
  [/RECITATION|Gemini stopped at|broke its answer off/, "blocked"],
  [
    /did not fit what was asked|Gemini gave (?:an empty|no) answer|answer (?:is empty|was cut off)|no list of results/,
    "bad-answer",
  ],
  [/robots\.txt/, "robots"],
  [/paywall|subscri/i, "paywall"],
  [/consent/i, "consent-page"],
  [/locked with a password/, "password"],
  [/no text layer/, "no-text-layer"],
  [/holds no text| is empty \(/, "empty-page"],
  [/is larger than|too much memory|does not end/, "too-large"],
  [/private (?:address|network)|is not read: pages are read/, "refused-address"],
  [/redirects|answered|could not be reached|broke off|answers, but/, "unreachable"],
  [/Cannot write|moved or removed while it ran/, "cannot-write"],
  [/is damaged/, "damaged-file"],
  [/not a text file|could not be read|cannot be read|only web pages|not a file of this folder/, "unreadable"],
];

/** Classifies a failure. @param code from the journal, or undefined @param line its message */
export function classifyFailure(code: string | undefined, line: string): FailureKind {
  if (code !== undefined) return code as FailureKind;
  return MESSAGES.find(([words]) => words.test(line))?.[1] ?? "other";
}
