import { openSearxng } from "../../search/searxng/searxng-search.js";
import { check, failed, type Check, type On } from "./check.js";

/** Whether the user's own SearXNG server answers; it is asked for “test”. */
export async function checkWebSearch(on: On, address: string): Promise<Check[]> {
  if (address === "") return [];
  const { l10n, signal } = on;
  const title = l10n.t("Web search");
  try {
    const question = { id: "q0", question: "test", query: "test" };
    const { value } = await openSearxng(address).search(question, 10, signal);
    const { host } = new URL(address);
    return [
      check(on, "web search", title, {
        detail: l10n.t("SearXNG at {0} answers, with {1} pages for “test”.", host, value.hits.length),
      }),
    ];
  } catch (error) {
    return [failed(on, "web search", title, error, "settings")];
  }
}
