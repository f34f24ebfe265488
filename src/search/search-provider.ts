import { type Message } from "../common/messages.js";
import type { FeatureName } from "../config/features.js";
import type { Scope } from "../core/domain/research-request.js";
import type { ServiceKeys } from "../config/service-keys.js";
import type { Settings } from "../config/settings-schema.js";
import type { Search, SearchTraits } from "../core/domain/ports.js";
import type { Source } from "../core/domain/schema.js";
import type { HistoryReader } from "../reading/history/history-reader.js";
import type { PackageReader } from "../reading/packages/package-reader.js";
import type { SiteAccess } from "../reading/site/site-index.js";
import type { WorkspaceReader } from "../reading/workspace/workspace-reader.js";
import type { WorkspaceIndex } from "./workspace/workspace-index.js";

/** What a session searches: what the user chose, and the session that it follows. */
export type SearchScope = Scope | "site" | "previous-session";

/** What a session was asked, and which kinds of sources it searches. */
export interface AskedQuestion {
  question: string;
  scopes: readonly SearchScope[];
}

/** What decides whether a search can be opened. */
export interface SearchConfig {
  /** What the user set. A provider reads its own settings from here. */
  settings: Partial<Settings>;
  /** The search that comes with the session's model; null where it has none, or it is turned off. */
  modelSearch: SearchTraits | null;
  /** The sources of the session that this one follows; null for none. */
  previousSession: { sources: Source[]; textOf: (source: Source) => Promise<string | null> } | null;
  /** The addresses of the sites that the user chose. */
  sites: readonly string[];
  /** The keys of services that are set. */
  keys: ServiceKeys;
}

/** What a search is opened with. */
export interface SearchContext extends SearchConfig {
  modelSearch: Search | null;
  /** Opens the workspace and its index; called by the search that needs them. */
  openWorkspace: () => { reader: WorkspaceReader; index: WorkspaceIndex };
  /** Opens what the workspace has installed. */
  openPackages: () => PackageReader;
  /** Opens the history of the workspace. */
  openHistory: () => HistoryReader;
  /** Opens the sites that the user chose. */
  openSite: () => SiteAccess;
  /** The session's own question: a part of it may leave out what the whole names. */
  asked: AskedQuestion;
  /** Receives what people should know. */
  notice: (message: Message) => void;
}

/** Finds sources for a question. Registered in `search/providers.ts`. */
export interface SearchProvider extends SearchTraits {
  readonly scope: SearchScope;
  /** The feature that turns it off. */
  readonly feature: FeatureName;
  isConfigured(config: SearchConfig): boolean;
  /** What a search costs as it is configured; absent: `cost`. */
  costWith?: (config: SearchConfig) => SearchTraits["cost"];
  /** Opens the search. Sends nothing yet. Called only where `isConfigured` holds. */
  open(context: SearchContext): Search;
}
