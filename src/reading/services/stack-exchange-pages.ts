import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import type { Reading } from "../../core/domain/reading.js";
import { decodeEntities } from "./decode-entities.js";
import { askStackExchange } from "./stack-exchange-api.js";
import {
  cleanName,
  cleanTitle,
  escapeMarkup,
  lowerHtmlHeadings,
  toDocument,
  type ServicePages,
  type ServicePageTools,
} from "./service-page.js";

/* Questions of Stack Exchange with their answers, each under its author's name and licence. */

const Post = z.object({
  owner: z.object({ display_name: z.string().nullish() }).nullish(),
  score: z.number(),
  body: z.string(),
  content_license: z.string().nullish(),
});
const AskedQuestion = Post.extend({ title: z.string(), link: z.string() });
const Answer = Post.extend({ is_accepted: z.boolean() });

/** Answers that are read, best first. */
const ANSWERS = 30;
/** Authors that the citation names; the text names each. */
const NAMED = 8;

export const stackExchangePages: ServicePages = {
  find({ hostname, pathname }) {
    const site = siteOf(hostname.replace(/^www\./, ""));
    const id = /^\/(?:questions|q)\/(\d{1,12})(?:\/|$)/.exec(pathname)?.[1];
    return site === null || id === undefined
      ? null
      : (tools, signal) => readQuestion(site, id, tools, signal);
  },
};

/** The name of a site in the API; null for other hosts. */
function siteOf(host: string): string | null {
  const own = /^(stackoverflow|serverfault|superuser|askubuntu|mathoverflow|stackapps)\.(?:com|net)$/.exec(
    host,
  );
  return own?.[1] ?? /^((?:[a-z0-9-]+\.)?[a-z0-9-]+)\.stackexchange\.com$/.exec(host)?.[1] ?? null;
}

async function readQuestion(
  site: string,
  id: string,
  tools: ServicePageTools,
  signal: AbortSignal,
): Promise<Reading> {
  const { contact } = tools;
  const asked = await askStackExchange(
    `/questions/${id}`,
    site,
    { filter: "withbody" },
    AskedQuestion,
    contact,
    signal,
  );
  const [question] = asked.items;
  if (question === undefined) {
    const error = new ResearchError("unreachable", msg`Stack Exchange has no question ${id} on ${site}.`);
    error.gone = true;
    throw error;
  }
  const { items, hasMore } = await askStackExchange(
    `/questions/${id}/answers`,
    site,
    { filter: "withbody", sort: "votes", order: "desc", pagesize: `${ANSWERS}` },
    Answer,
    contact,
    signal,
  );
  const answers = [...items].sort((a, b) => Number(b.is_accepted) - Number(a.is_accepted));
  const title = cleanTitle(decodeEntities(question.title));
  const html = [
    `<!doctype html><html><head><title>${escapeMarkup(title)}</title></head><body><main><article>`,
    `<h1>${escapeMarkup(title)}</h1>`,
    `<h2>Question by ${escapeMarkup(creditOf(question))}</h2>`,
    lowerHtmlHeadings(question.body),
    ...answers.flatMap((answer) => [
      `<h2>${answer.is_accepted ? "Accepted answer" : "Answer"} by ${escapeMarkup(creditOf(answer))}, score ${answer.score}</h2>`,
      lowerHtmlHeadings(answer.body),
    ]),
    "</article></main></body></html>",
  ].join("\n");
  const found = await tools.text(toDocument(html, "text/html", question.link), signal);
  const credits = [
    `Question by ${creditOf(question)}`,
    ...answers.map((answer) => `${answer.is_accepted ? "accepted answer" : "answer"} by ${creditOf(answer)}`),
  ];
  const others = credits.length - NAMED;
  return {
    ...found,
    title,
    commit: null,
    canonical: question.link,
    authority: answers.some((answer) => answer.is_accepted) ? "accepted" : "forum",
    attribution: `${credits.slice(0, NAMED).join("; ")}${others > 0 ? `; and ${others} more answers` : ""}.`,
    warnings: [
      ...found.warnings,
      ...(hasMore ? [`Only the ${items.length} answers with the most votes were read.`] : []),
    ],
  };
}

/** "NAME, CC BY-SA 4.0" */
function creditOf({ owner, content_license: license }: z.infer<typeof Post>): string {
  const name = cleanName(decodeEntities(owner?.display_name ?? ""));
  return license == null ? name : `${name}, ${cleanName(license)}`;
}
