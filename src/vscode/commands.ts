/** The ids of our commands, as package.json contributes them. */
export type CommandId =
  | "deepResearch.research"
  | "deepResearch.researchSelection"
  | "deepResearch.setApiKey"
  | "deepResearch.removeApiKey"
  | "deepResearch.openLastReport"
  | "deepResearch.verifyReport"
  | "deepResearch.refreshReport"
  | "deepResearch.acceptRefresh"
  | "deepResearch.discardRefresh"
  | "deepResearch.showRefreshChanges"
  | "deepResearch.followUp"
  | "deepResearch.insertClaim"
  | "deepResearch.cancel"
  | "deepResearch.finish"
  | "deepResearch.clearCache"
  | "deepResearch.resume"
  | "deepResearch.backup"
  | "deepResearch.restore"
  | "deepResearch.archive"
  | "deepResearch.openCitation"
  | "deepResearch.verifyAgain"
  | "deepResearch.lookForSource"
  | "deepResearch.showLog";

/** What each command does; the arguments are VS Code's or a caller's. Each tells its own problems and never rejects. */
export type Commands = Record<CommandId, (...args: unknown[]) => Promise<unknown>>;
