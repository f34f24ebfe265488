import * as z from "zod";
import { abortAfter } from "../../common/abort.js";
import {
  ApiResponseTooLargeError,
  parseRetryAfter,
  sendApiRequest,
  type ApiResponse,
} from "../../common/api-request.js";
import { ResearchError, isCancelled, type ErrorCode } from "../../common/errors.js";
import { msg, type Message } from "../../common/messages.js";
import {
  createServiceThrottle,
  findServiceLimits,
  MAX_SERVICE_WAIT_MS,
  ServicePausedError,
  type ServiceLimits,
} from "./service-throttle.js";
import { sendableAddress } from "./service-address.js";
import { serviceTime } from "./service-time.js";

/*
 * One policy for all services that are asked by an API: how often, how long, what is tried again, and which error comes
 * of what. No redirect is followed with a key or a body.
 */

/** A service, as its errors name it. */
export interface Service {
  name: Message | string;
  /** Whether a key of the user's goes with the requests. */
  hasKey: boolean;
  /** What to do about a missing or refused key, or a quota that is used up; absent: it takes no key. */
  keyRemedy?: Message;
  /** What to do where it cannot be reached, or gives something else. */
  addressRemedy?: Message;
  /** The service's own failures; null: the status decides. */
  failureOf?: (response: ApiResponse) => ServiceFailure | null;
  /** Milliseconds for which an answer asks to be left alone; null: none. */
  pauseAfter?: (response: ApiResponse) => number | null;
}

export interface ServiceFailure {
  error: ResearchError;
  /** Whether it may be otherwise a moment later. */
  isPassing: boolean;
  /** Milliseconds that the service asks to wait; null: it does not say. */
  wait: number | null;
}

export interface ServiceRequest<T> {
  url: URL;
  /** Sent as JSON with POST; absent: GET. */
  body?: unknown;
  headers: Record<string, string>;
  /** Makes the value of an answer. @throws ResearchError "bad-answer", or the error of a parser */
  read: (body: string) => T;
  /** Milliseconds for one try; absent: 20 seconds. */
  timeout?: number;
  /** Limits that hold in place of the host's. */
  limits?: Partial<ServiceLimits>;
  /** Whether redirects on the same host are followed: from http to https, or to the path that a proxy adds. */
  followsOwnHost?: boolean;
}

const TIMEOUT_MS = 20_000;
/** The largest answer that is read, in megabytes. */
const LARGEST_MB = 5;
const MAX_REDIRECTS = 3;
/** Milliseconds before the second and the third try, at least and at most. */
const WAITS = [
  [300, 600],
  [1000, 2000],
] as const;

const throttle = createServiceThrottle();

/**
 * Asks a service, and again where it is busy or broken for a moment.
 *
 * @throws ResearchError "bad-key", "no-key", "billing", "day-quota", "rate-limit", "bad-request", "bad-answer",
 *   "unreachable", "timeout", "too-large", "bad-settings"; the signal's reason at a cancel
 */
export async function askService<T>(
  service: Service,
  request: ServiceRequest<T>,
  signal: AbortSignal,
): Promise<T> {
  const { name, limits } = findServiceLimits(request.url);
  const url = sendableAddress(request.url);
  const throttleName = `${name} ${url.origin}`;
  for (let tries = 0; ; tries++) {
    const outcome = await throttle
      .schedule(throttleName, { ...limits, ...request.limits }, signal, () =>
        exchange(service, { ...request, url }, signal),
      )
      .catch((error: unknown) => {
        if (!(error instanceof ServicePausedError)) throw error;
        throw limitError(service, null, error.milliseconds);
      });
    const pause = "failure" in outcome ? outcome.failure.wait : outcome.pause;
    if (pause !== null) throttle.pause(throttleName, pause);
    if (!("failure" in outcome)) return outcome.value;
    const { failure } = outcome;
    const [least, most] = WAITS[tries] ?? [0, 0];
    if (!failure.isPassing || most === 0 || (failure.wait ?? 0) > MAX_SERVICE_WAIT_MS) throw failure.error;
    if (failure.wait === null) await serviceTime.wait(least + Math.random() * (most - least), signal);
  }
}

/** Reads JSON of a known form. Unknown fields are left out. */
export function readJson<T>(schema: z.ZodType<T>): (body: string) => T {
  return (body) => schema.parse(JSON.parse(body));
}

type Exchange<T> = { value: T; pause: number | null } | { failure: ServiceFailure };

async function exchange<T>(
  service: Service,
  request: ServiceRequest<T>,
  signal: AbortSignal,
): Promise<Exchange<T>> {
  const timeout = request.timeout ?? TIMEOUT_MS;
  const either = abortAfter(timeout, signal);
  let response: ApiResponse;
  try {
    response = await send(service, request, either);
  } catch (error) {
    signal.throwIfAborted();
    if (either.aborted) return { failure: timeoutFailure(service, timeout) };
    if (isCancelled(error)) throw error;
    return { failure: connectionFailure(service, error) };
  }
  const failure = failureOf(service, response);
  if (failure !== null) return { failure };
  try {
    return { value: request.read(response.body), pause: service.pauseAfter?.(response) ?? null };
  } catch (error) {
    return { failure: answerFailure(service, response.body, error) };
  }
}

async function send<T>(
  service: Service,
  { url, headers, body, followsOwnHost }: ServiceRequest<T>,
  signal: AbortSignal,
): Promise<ApiResponse> {
  for (let at = url, hop = 0; ; hop++) {
    const response = await sendApiRequest(
      at,
      {
        method: body === undefined ? "GET" : "POST",
        headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        maxBytes: LARGEST_MB * 1024 * 1024,
      },
      signal,
    );
    const { location } = response.headers;
    if (location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return response;
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null;
    // At another port of the host, another server answers.
    const isOwn =
      next?.origin === at.origin || (next?.hostname === at.hostname && isUpgrade(at.protocol, next.protocol));
    if (followsOwnHost !== true || next === null || !isOwn || hop === MAX_REDIRECTS)
      throw redirectError(service);
    at = next;
  }
}

function isUpgrade(from: string, to: string): boolean {
  return from === "http:" && to === "https:";
}

function failureOf(service: Service, response: ApiResponse): ServiceFailure | null {
  const own = service.failureOf?.(response) ?? null;
  if (own !== null) return own;
  const { status } = response;
  if (status >= 200 && status < 300) return null;
  const retryAfter = parseRetryAfter(response.headers["retry-after"]);
  const { name, keyRemedy } = service;
  const final = (code: ErrorCode, what: Message): ServiceFailure => ({
    error: new ResearchError(code, what, keyRemedy),
    isPassing: false,
    wait: null,
  });
  if (status === 429 || (status === 503 && retryAfter !== null))
    return { error: limitError(service, status, retryAfter), isPassing: true, wait: retryAfter };
  if (status === 401 || status === 403) {
    if (service.hasKey) return final("bad-key", msg`${name} refuses the key (HTTP ${status}).`);
    if (keyRemedy !== undefined)
      return final("no-key", msg`${name} refuses requests without a key (HTTP ${status}).`);
    const error = new ResearchError(
      "unreachable",
      msg`${name} refuses the request (HTTP ${status}).`,
      msg`It may want to know whom to reach: set RESEARCH_CONTACT (in VS Code: deepResearch.contact).`,
    );
    return { error, isPassing: false, wait: null };
  }
  if (status === 402) return final("billing", msg`${name} asks for a payment (HTTP ${status}).`);
  if (status === 432 || status === 433)
    return final("day-quota", msg`The quota of ${name} is used up (HTTP ${status}).`);
  if (status === 400 || status === 422)
    return final("bad-request", msg`${name} does not accept the request (HTTP ${status}).`);
  const error = new ResearchError("unreachable", msg`${name} answered HTTP ${status}.`);
  if (status === 404 || status === 410) error.gone = true;
  return { error, isPassing: status >= 500, wait: null };
}

/** @param status null where nothing was sent, because an earlier answer asked to wait */
export function limitError({ name }: Service, status: number | null, pause: number | null): ResearchError {
  const seconds = Math.ceil((pause ?? 0) / 1000);
  return new ResearchError(
    "rate-limit",
    status === null
      ? msg`${name} may not be asked for now: its limit of requests is reached.`
      : msg`${name} is limiting requests (HTTP ${status}).`,
    seconds === 0
      ? msg`Try again later.`
      : seconds < 120
        ? msg`Try again in ${seconds} seconds.`
        : msg`Try again in ${Math.ceil(seconds / 60)} minutes.`,
  );
}

function timeoutFailure({ name }: Service, milliseconds: number): ServiceFailure {
  const error = new ResearchError(
    "timeout",
    msg`${name} did not answer within ${milliseconds / 1000} seconds.`,
  );
  return { error, isPassing: false, wait: null };
}

function connectionFailure({ name, addressRemedy }: Service, cause: unknown): ServiceFailure {
  if (cause instanceof ResearchError) return { error: cause, isPassing: false, wait: null };
  if (cause instanceof ApiResponseTooLargeError) {
    const error = new ResearchError("too-large", msg`${name} returned more than ${LARGEST_MB} MB.`);
    return { error, isPassing: false, wait: null };
  }
  const error = new ResearchError("unreachable", msg`${name} could not be reached.`, addressRemedy, {
    cause,
  });
  return { error, isPassing: true, wait: null };
}

function answerFailure({ name, addressRemedy }: Service, body: string, cause: unknown): ServiceFailure {
  if (cause instanceof ResearchError)
    return { error: cause, isPassing: cause.code === "bad-answer", wait: null };
  const isPage = /^\s*<(?:!doctype|html)/i.test(body);
  const error = new ResearchError(
    "bad-answer",
    isPage
      ? msg`${name} answered with a web page.`
      : msg`${name} answered in another form than it documents.`,
    addressRemedy,
    { cause },
  );
  return { error, isPassing: true, wait: null };
}

function redirectError({ name, addressRemedy }: Service): ResearchError {
  return new ResearchError(
    "bad-settings",
    msg`${name} redirects to another address; the question was not sent there.`,
    addressRemedy,
  );
}
