/** The ids of our commands, as package.json contributes them. */
export type CommandId =
  | "deepResearch.research"
  | "deepResearch.researchSelection"
  | "deepResearch.setApiKey"
  | "deepResearch.removeApiKey"
  | "deepResearch.openLastReport"
  | "deepResearch.verifyReport"
  | "deepResearch.cancel"
  | "deepResearch.finish"
  | "deepResearch.clearCache"
  | "deepResearch.resume"
  | "deepResearch.backup"
  | "deepResearch.restore"
  | "deepResearch.archive"
  | "deepResearch.showLog"
  | "deepResearch.openSample"
  | "deepResearch.getStarted";

/** What each command does; the arguments are VS Code's or a caller's. Each tells its own problems and never rejects. */
export type Commands = Record<CommandId, (...args: unknown[]) => Promise<unknown>>;
