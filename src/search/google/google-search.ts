import { GOOGLE_SEARCH_TRAITS } from "../../models/gemini/gemini-provider.js";
import type { SearchProvider } from "../search-provider.js";

/** Google Search, which Gemini asks and answers itself. The session's model provider opens it. */
export const googleProvider: SearchProvider = {
  ...GOOGLE_SEARCH_TRAITS,
  scope: "google",
  feature: "googleSearch",
  isConfigured: ({ modelSearch }) => modelSearch?.id === GOOGLE_SEARCH_TRAITS.id,
  open: ({ modelSearch }) => {
    if (modelSearch === null) throw new Error("The session's model has no web search.");
    return modelSearch;
  },
};
