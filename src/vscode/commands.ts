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
  | "deepResearch.showLog";
