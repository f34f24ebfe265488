import { type Message } from "../../common/messages.js";
import type { Model, Search, SearchTraits } from "./ports.js";

/** What a provider is opened with. Never from a workspace, but for a key that the user accepted. */
export interface ModelAccess {
  /** The API key; null where none is set. */
  key: string | null;
  /** The provider's address; null for its usual one. */
  baseUrl: string | null;
  /** The longest time of one request, in milliseconds; absent: the provider's default. */
  modelTimeout?: number;
}

/** One session's use of a provider. */
interface ModelSession {
  /** Sessions take turns at a rate-limited provider. */
  session: string;
  /** Receives what people should know: another model answers, a wait has begun. */
  notice: (message: Message) => void;
}

/** A provider, opened for a session. Opening sends nothing. */
interface OpenedModel {
  model: Model;
  /** The web search that the provider answers itself; null where it has none. */
  search: Search | null;
}

/** The models that answer for each role, first choice first. */
type ModelsByRole = Record<"think" | "read", readonly string[]>;

/**
 * Answers the tasks of the method: a remote API, a local server, or code. Registered in `models/providers.ts`.
 */
export interface ModelProvider {
  /** Stable: journals and reports name it. */
  readonly id: string;
  /** Its name for people. Names of products are not translated. */
  readonly displayName: string;
  /** Whether prompts leave this machine. */
  readonly isRemote: boolean;
  /** The named models whose answers can be cached; null where an answer costs nothing. */
  readonly modelsByRole: ModelsByRole | null;
  /** About how many calls its free tier allows a day; absent where nothing limits them so. */
  readonly freeCallsPerDay?: number;
  /** The web search that comes with it; null where it has none. */
  readonly search: SearchTraits | null;
  /** Whether the provider can be opened with what is set. */
  isConfigured(access: ModelAccess): boolean;
  /** @throws ResearchError "no-key" or "bad-key" where it cannot be opened */
  open(access: ModelAccess, session: ModelSession): OpenedModel;
  /** What estimates need, also where the provider is not configured. @param day the day whose prices count */
  describe(day: Date): Pick<Model, "rates" | "extractCharacters">;
  /**
   * Tries the key with one free request. Absent where there is no key to try.
   * @returns the names of the models that the key may use
   * @throws ResearchError "bad-key", "billing", "no-network" … if the key does not work
   */
  tryKey?(access: ModelAccess, signal: AbortSignal): Promise<string[]>;
}
