import MiniSearch from "minisearch";
import { textFormat, splitPassages } from "../../core/text/passages.js";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import type { SearchProvider } from "../search-provider.js";
import { RANKING } from "../../core/text/rank-passages.js";
import { NO_USAGE, type Source } from "../../core/domain/schema.js";

type Index = MiniSearch<{ id: string; heading: string; text: string }>;

const previousSessionTraits: SearchTraits = {
  id: "earlier",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: true,
  keeps: "hits",
};

export const previousSessionProvider: SearchProvider = {
  ...previousSessionTraits,
  scope: "previous-session",
  feature: "previousSessionSearch",
  isConfigured: ({ previousSession }) => previousSession !== null,
  open: ({ previousSession }) => {
    if (previousSession === null) throw new Error("There is no previous session to search.");
    return createPreviousSessionSearch(previousSession.sources, previousSession.textOf);
  },
};

/**
 * Searches the sources of an earlier session, by BM25 over their passages. A source comes where its best
 * passage stands.
 * @param textOf a source's text as it was kept; null where it is lost
 */
function createPreviousSessionSearch(
  sources: Source[],
  textOf: (source: Source) => Promise<string | null>,
): Search {
  let index: Promise<Index> | null = null;
  return {
    ...previousSessionTraits,
    async search(question, limit, signal) {
      index ??= indexOf(sources, textOf);
      const found = (await index).search(`${question.question} ${question.query}`, { boost: { heading: 3 } });
      signal.throwIfAborted();
      // A passage's id begins with the number of its source.
      const ranked = [...new Set(found.map(({ id }) => parseInt(String(id), 10)))].slice(0, limit);
      const hits = ranked.flatMap((at) => {
        const source = sources[at];
        return source === undefined ? [] : [{ place: source.place, title: source.title }];
      });
      return { value: { hits, grounded: null }, usage: NO_USAGE, by: "earlier session" };
    },
  };
}

async function indexOf(
  sources: Source[],
  textOf: (source: Source) => Promise<string | null>,
): Promise<Index> {
  const index: Index = new MiniSearch({ fields: ["heading", "text"], ...RANKING });
  for (const [at, source] of sources.entries()) {
    const text = await textOf(source);
    if (text === null) continue;
    index.addAll(
      splitPassages(text, textFormat(source.place)).map(({ heading, text: body }, n) => ({
        id: `${at}.${n}`,
        heading,
        text: body,
      })),
    );
  }
  return index;
}
