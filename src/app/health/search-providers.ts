import { createSearxngSearch } from "../../search/searxng/searxng-search.js";
import { createCheck, failedCheck, type HealthCheck, type HealthContext } from "./check.js";

/** Whether the user's own SearXNG server answers; it is asked for “test”. */
export async function checkWebSearch(on: HealthContext, address: string): Promise<HealthCheck[]> {
  if (address === "") return [];
  const { l10n, signal } = on;
  const title = l10n.t("Web search");
  try {
    const question = { id: "q0", question: "test", query: "test" };
    const { value } = await createSearxngSearch(address).search(question, 10, signal);
    const { host } = new URL(address);
    return [
      createCheck(on, "web search", title, {
        detail:
          value.hits.length === 1
            ? l10n.t("SearXNG at {0} answers, with one page for “test”.", host)
            : l10n.t("SearXNG at {0} answers, with {1} pages for “test”.", host, value.hits.length),
      }),
    ];
  } catch (error) {
    return [failedCheck(on, "web search", title, error, "settings")];
  }
}
