import { startFakeGemini, type FakeGemini } from "./gemini.js";
import { startFakeProxy, type FakeProxy } from "./proxy.js";
import { article, startFakeWeb, type FakeWeb } from "./searxng.js";
import { fakeGithub, fakeMdn, fakeStackExchange, fakeWikipedia } from "./services/open-services.js";
import { startFakeServices, type FakeServices } from "./services/services.js";
import { FAKE_KEYS } from "./services/web-searches.js";

/* The web of a window under test: open services, a documentation site, Gemini, and a proxy that leads to the last two. */

export const QUESTION = "How long does a glacier mouse keep moving?";
export const GITHUB_TOKEN = FAKE_KEYS.github;

export interface WebSources {
  services: FakeServices;
  web: FakeWeb;
  gemini: FakeGemini;
  /** Knows the names "docs.test" and "models.test". */
  proxy: FakeProxy;
  close(): Promise<void>;
}

const FILLER =
  "The field station keeps its instruments in a wooden hut beside the moraine, and the rangers walk there each week in summer.";

/** Starts all of it. GitHub's limit for requests without a token is nearly used up. */
export async function startWebSources(): Promise<WebSources> {
  const post = { user: { login: "octo" }, created_at: "2026-03-01T10:00:00Z", author_association: "OWNER" };
  const issue = "https://github.com/moss/mice/issues/1";
  const question = "https://stackoverflow.com/questions/1/glacier-mouse";
  const services = await startFakeServices({
    "api.github.com": fakeGithub(
      () => [{ url: issue, title: "How long a glacier mouse keeps moving" }],
      {
        "/repos/moss/mice/issues/1": {
          ...post,
          html_url: issue,
          title: "How long a glacier mouse keeps moving",
          number: 1,
          state: "open",
          labels: [],
          comments: 0,
          body: "A glacier mouse keeps moving for six years, as the tags of the survey show.",
        },
      },
      8,
    ),
    "api.stackexchange.com": fakeStackExchange(
      () => [{ url: question, title: "How long does a glacier mouse move?" }],
      {
        "/questions/1": [
          {
            owner: { display_name: "Ann" },
            score: 3,
            body: "<p>Does anybody know how long a glacier mouse keeps moving on its glacier?</p>",
            content_license: "CC BY-SA 4.0",
            title: "How long does a glacier mouse move?",
            link: question,
            question_id: 1,
          },
        ],
        "/questions/1/answers": [
          {
            owner: { display_name: "Bob" },
            score: 9,
            body: "<p>A glacier mouse keeps moving until its glacier melts away below it.</p>",
            content_license: "CC BY-SA 4.0",
            is_accepted: true,
          },
        ],
      },
    ),
    "en.wikipedia.org": fakeWikipedia(
      () => [{ url: "", title: "Glacier mouse" }],
      [
        {
          title: "Glacier mouse",
          revision: 1001,
          html: `<div class="mw-parser-output"><p>A glacier mouse is a ball of moss that keeps moving over the ice, by 2.5 centimetres a day.</p><p>${FILLER}</p></div>`,
        },
      ],
    ),
    "developer.mozilla.org": fakeMdn(() => []),
  });
  const herds = article("Herds", [
    "A herd of glacier mice keeps moving together for about six years, at 2.5 centimetres a day.",
    FILLER,
  ]);
  const index = [
    { location: "herds/", title: "Herds", text: "A herd of glacier mice keeps moving together." },
    { location: "tides/", title: "Tides", text: "The tide table hangs at the gate." },
  ];
  const web = await startFakeWeb({
    "/docs/herds/": { title: "Herds", body: herds },
    "/docs/tides/": { title: "Tides", body: article("Tides", ["The tide table hangs at the gate.", FILLER]) },
    "/docs/search/search_index.json": {
      title: "",
      type: "application/json",
      body: JSON.stringify({ docs: index }),
    },
  });
  const gemini = await startFakeGemini();
  const proxy = await startFakeProxy({ "docs.test": web.host, "models.test": new URL(gemini.address).host });
  const close = async (): Promise<void> => {
    await Promise.all([services.close(), web.close(), gemini.close(), proxy.close()]);
  };
  return { services, web, gemini, proxy, close };
}
