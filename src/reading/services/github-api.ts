import { parseRetryAfter, type ApiResponse } from "../../common/api-request.js";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import { askService, type Service } from "./service-request.js";
import { serviceUserAgent } from "./service-address.js";

/* GitHub's REST API: 60 requests an hour and 10 searches a minute, or with a token 5,000 and 30. */

const NAME = "GitHub";
/** So few requests of an hour are left where a token is worth offering. */
const FEW_LEFT = 10;
/** What GitHub allows without a token in an hour; its other limits count for searches, by the minute. */
const HOURLY = "60";
/** Whether the last answers without a token said that little or nothing is left. */
let isLow = false;

/** Whether the limit for requests without a token is nearly or quite used up, as far as this process knows. */
export function isGithubLimitLow(): boolean {
  return isLow;
}

/** What GitHub asks to wait after a limit that it gives no time for, in milliseconds. */
const SECONDARY_LIMIT_MS = 60_000;

function githubService(token: string | null): Service {
  return {
    name: NAME,
    hasKey: token !== null,
    keyRemedy: msg`Check the token in ${"RESEARCH_GITHUB_TOKEN"}.`,
    failureOf: (response) => {
      const wait = limitOf(response);
      if (wait === null) return null;
      const minutes = Math.ceil(wait / 60_000);
      const error = new ResearchError(
        "rate-limit",
        token === null
          ? msg`GitHub is limiting requests: without a token it allows 60 an hour and 10 searches a minute.`
          : msg`GitHub is limiting requests.`,
        token === null
          ? msg`Try again in ${minutes} minutes, or set RESEARCH_GITHUB_TOKEN (in VS Code: Deep Research: Set Search Key).`
          : msg`Try again in ${minutes} minutes.`,
      );
      return { error, isPassing: true, wait };
    },
    pauseAfter: ({ headers }) => {
      if (token === null && headers["x-ratelimit-limit"] === HOURLY)
        isLow = Number(headers["x-ratelimit-remaining"] ?? HOURLY) <= FEW_LEFT;
      return headers["x-ratelimit-remaining"] === "0" ? untilReset(headers) : null;
    },
  };
}

/** Milliseconds for which GitHub wants no requests; null where the answer is about something else. */
function limitOf({ status, headers, body }: ApiResponse): number | null {
  if (status !== 403 && status !== 429) return null;
  const retryAfter = parseRetryAfter(headers["retry-after"]);
  if (retryAfter !== null) return retryAfter;
  if (headers["x-ratelimit-remaining"] === "0") return untilReset(headers) ?? SECONDARY_LIMIT_MS;
  return status === 429 || /rate limit/i.test(body) ? SECONDARY_LIMIT_MS : null;
}

function untilReset(headers: ApiResponse["headers"]): number | null {
  const seconds = Number(headers["x-ratelimit-reset"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(0, seconds * 1000 - Date.now()) : null;
}

export interface GithubAccess {
  token: string | null;
  contact: string;
}

/**
 * Asks GitHub.
 * @param path below the API's address, with its query
 * @param accept the media type of the answer, after "application/vnd.github."
 * @throws ResearchError as `askService`; `gone` is set where GitHub has no such thing
 */
export async function askGithub<T>(
  path: string,
  read: (body: string) => T,
  { token, contact }: GithubAccess,
  signal: AbortSignal,
  accept = "application/vnd.github+json",
): Promise<T> {
  const isSearch = path.startsWith("/search/");
  const asked = askService(
    githubService(token),
    {
      url: new URL(`https://api.github.com${path}`),
      headers: {
        accept,
        "x-github-api-version": "2022-11-28",
        "user-agent": serviceUserAgent(contact),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      read,
      ...(isSearch && token !== null ? { limits: { window: { count: 30, ms: 60_000 } } } : {}),
    },
    signal,
  );
  try {
    return await asked;
  } catch (error) {
    if (token === null && error instanceof ResearchError && error.code === "rate-limit") isLow = true;
    throw error;
  }
}
