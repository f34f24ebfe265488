import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import { parseRetryAfter } from "../../common/api-request.js";
import { msg } from "../../common/messages.js";
import { parseJson } from "../../common/parse-json.js";
import { askService, readJson, type Service } from "./service-request.js";
import { serviceUserAgent } from "./service-address.js";

/* The action API of MediaWiki, as Wikipedia serves it. Failures come with HTTP 200. */

const NAME = "Wikipedia";
const Failure = z.object({ error: z.object({ code: z.string() }) });
const PASSING = new Set(["maxlag", "ratelimited", "readonly", "internal_api_error_DBConnectionError"]);
const MISSING = new Set(["missingtitle", "nosuchrevid", "invalidtitle", "permissiondenied"]);

const service: Service = {
  name: NAME,
  hasKey: false,
  failureOf: ({ body, headers }) => {
    const code = Failure.safeParse(parseJson(body)).data?.error.code;
    if (code === undefined) return null;
    const error = MISSING.has(code)
      ? new ResearchError("unreachable", msg`${NAME} has no such page.`)
      : PASSING.has(code)
        ? new ResearchError("rate-limit", msg`${NAME} is busy.`, msg`Try again later.`)
        : new ResearchError("bad-request", msg`${NAME} does not accept the request.`);
    if (MISSING.has(code)) error.gone = true;
    return { error, isPassing: PASSING.has(code), wait: parseRetryAfter(headers["retry-after"]) };
  },
};

/** Asks the wiki of a host, such as en.wikipedia.org. @throws ResearchError as `askService` */
export function askWikipedia<T>(
  host: string,
  query: Record<string, string>,
  form: z.ZodType<T>,
  contact: string,
  signal: AbortSignal,
): Promise<T> {
  const url = new URL(`https://${host}/w/api.php`);
  url.search = new URLSearchParams({ ...query, format: "json", formatversion: "2", maxlag: "5" }).toString();
  return askService(
    service,
    {
      url,
      headers: { accept: "application/json", "user-agent": serviceUserAgent(contact) },
      read: readJson(form),
    },
    signal,
  );
}

/** The address at which a revision of a page stands for good. */
export function revisionAddress(host: string, title: string, revision: number): string {
  const url = new URL(`https://${host}/w/index.php`);
  url.search = new URLSearchParams({ title: title.replaceAll(" ", "_"), oldid: `${revision}` }).toString();
  return url.href;
}
