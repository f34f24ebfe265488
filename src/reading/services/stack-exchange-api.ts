import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import { parseJson } from "../../common/parse-json.js";
import { askService, limitError, readJson, type Service } from "./service-request.js";
import { serviceUserAgent } from "./service-address.js";

/* The API of Stack Exchange 2.3: 300 requests a day without a key. Every failure is HTTP 400 with a number of its own. */

const NAME = "Stack Exchange";

const Failure = z.object({ error_id: z.number(), error_message: z.string().default("") });
const Pause = z.object({ backoff: z.number().positive().optional(), quota_remaining: z.number().optional() });

/** Error numbers of requests that are too many, and of a service that is away for a moment. */
const THROTTLED = 502;
const UNAVAILABLE = [500, 503];
const DAY_MS = 24 * 60 * 60 * 1000;

const service: Service = {
  name: NAME,
  hasKey: false,
  failureOf: ({ body, status }) => {
    const failure = status < 400 ? undefined : Failure.safeParse(parseJson(body)).data;
    if (failure === undefined) return null;
    const { error_id: id, error_message: said } = failure;
    if (id === THROTTLED) {
      const wait = Number(/in (\d{1,7}) seconds/.exec(said)?.[1] ?? "60") * 1000;
      return { error: limitError(service, status, wait), isPassing: true, wait };
    }
    const isPassing = UNAVAILABLE.includes(id);
    const error = isPassing
      ? new ResearchError("unreachable", msg`${NAME} is not available for now (error ${id}).`)
      : new ResearchError("bad-request", msg`${NAME} does not accept the request (error ${id}).`);
    return { error, isPassing, wait: null };
  },
  pauseAfter: ({ body }) => {
    const pause = Pause.safeParse(parseJson(body)).data;
    // The day's quota is new at midnight of UTC.
    if (pause?.quota_remaining === 0) return DAY_MS - (Date.now() % DAY_MS);
    return pause?.backoff === undefined ? null : pause.backoff * 1000;
  },
};

/** A page of items. */
export interface StackExchangeItems<T> {
  items: T[];
  hasMore: boolean;
}

/**
 * Asks Stack Exchange.
 * @param path below the API's address
 * @param site the site's name in the API, such as "stackoverflow"
 * @throws ResearchError as `askService`
 */
export function askStackExchange<T>(
  path: string,
  site: string,
  query: Record<string, string>,
  form: z.ZodType<T>,
  contact: string,
  signal: AbortSignal,
): Promise<StackExchangeItems<T>> {
  const url = new URL(`https://api.stackexchange.com/2.3${path}`);
  url.search = new URLSearchParams({ site, ...query }).toString();
  const wrapper = z
    .object({ items: z.array(form), has_more: z.boolean() })
    .transform(({ items, has_more: hasMore }) => ({ items, hasMore }));
  return askService(
    service,
    {
      url,
      headers: { accept: "application/json", "user-agent": serviceUserAgent(contact) },
      read: readJson(wrapper),
    },
    signal,
  );
}
