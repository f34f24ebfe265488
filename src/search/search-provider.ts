import { type Message } from "../common/messages.js";
import type { FeatureName } from "../config/features.js";
import type { Settings } from "../config/settings-schema.js";
import type { Search, SearchTraits } from "../core/domain/ports.js";
import type { Source } from "../core/domain/schema.js";
import type { WorkspaceReader } from "../reading/workspace/workspace-reader.js";
import type { WorkspaceIndex } from "./workspace/workspace-index.js";

/** What a session searches: what the user chose, and the session that it follows. */
export type SearchScope = "workspace" | "web" | "previous-session";

/** What decides whether a search can be opened. */
export interface SearchConfig {
  /** What the user set. A provider reads its own settings from here. */
  settings: Partial<Settings>;
  /** The search that comes with the session's model; null where it has none, or it is turned off. */
  modelSearch: SearchTraits | null;
  /** The sources of the session that this one follows; null for none. */
  previousSession: { sources: Source[]; textOf: (source: Source) => Promise<string | null> } | null;
}

/** What a search is opened with. */
export interface SearchContext extends SearchConfig {
  modelSearch: Search | null;
  /** Opens the workspace and its index; called by the search that needs them. */
  openWorkspace: () => { reader: WorkspaceReader; index: WorkspaceIndex };
  /** Receives what people should know. */
  notice: (message: Message) => void;
}

/** Finds sources for a question. Registered in `search/providers.ts`. */
export interface SearchProvider extends SearchTraits {
  readonly scope: SearchScope;
  /** The feature that turns it off. */
  readonly feature: FeatureName;
  isConfigured(config: SearchConfig): boolean;
  /** Opens the search. Sends nothing yet. Called only where `isConfigured` holds. */
  open(context: SearchContext): Search;
}
