/** The command ids that package.json contributes. */
export type CommandId =
  | "deepResearch.research"
  | "deepResearch.researchSelection"
  | "deepResearch.setApiKey"
  | "deepResearch.removeApiKey"
  | "deepResearch.setServiceKey"
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
  | "deepResearch.runPlan"
  | "deepResearch.openPlan"
  | "deepResearch.skipQuestion"
  | "deepResearch.addQuestion"
  | "deepResearch.resume"
  | "deepResearch.backup"
  | "deepResearch.restore"
  | "deepResearch.archive"
  | "deepResearch.openCitation"
  | "deepResearch.verifyAgain"
  | "deepResearch.lookForSource"
  | "deepResearch.showLog"
  | "deepResearch.openReport"
  | "deepResearch.resumeSession"
  | "deepResearch.revealSession"
  | "deepResearch.renameSession"
  | "deepResearch.archiveSession"
  | "deepResearch.unarchiveSession"
  | "deepResearch.deleteSession"
  | "deepResearch.filterSessions"
  | "deepResearch.clearFilter"
  | "deepResearch.showMoreSessions"
  | "deepResearch.showSession"
  | "deepResearch.openSource"
  | "deepResearch.openSnapshot"
  | "deepResearch.openPage"
  | "deepResearch.showStatistics"
  | "deepResearch.checkHealth"
  | "deepResearch.copyDiagnosticReport"
  | "deepResearch.openSample"
  | "deepResearch.getStarted";

/** The handler of each command. Handlers report their own problems and never reject. */
export type Commands = Record<CommandId, (...args: unknown[]) => Promise<unknown>>;

/**
 * What happens to arguments that this window did not create (from a link, a keyboard shortcut or another
 * extension).
 * - `shown`: the command only shows something.
 * - `ignored`: the command takes no arguments.
 * - `asked`: it changes, sends or may cost something, so the user is asked first.
 * - `refused`: it takes only rows of our own view.
 * - `weighed`: the command itself asks if it would do more than read the workspace.
 */
export type ForeignCallPolicy = "shown" | "ignored" | "asked" | "refused" | "weighed";

export const FOREIGN_CALL_POLICIES: Record<CommandId, ForeignCallPolicy> = {
  "deepResearch.research": "weighed",
  "deepResearch.researchSelection": "ignored",
  "deepResearch.setApiKey": "ignored",
  "deepResearch.removeApiKey": "ignored",
  "deepResearch.setServiceKey": "ignored",
  "deepResearch.openLastReport": "ignored",
  "deepResearch.verifyReport": "shown",
  "deepResearch.refreshReport": "weighed",
  "deepResearch.acceptRefresh": "asked",
  "deepResearch.discardRefresh": "asked",
  "deepResearch.showRefreshChanges": "shown",
  "deepResearch.followUp": "weighed",
  "deepResearch.insertClaim": "asked",
  "deepResearch.cancel": "asked",
  "deepResearch.finish": "asked",
  "deepResearch.clearCache": "ignored",
  "deepResearch.runPlan": "asked",
  "deepResearch.openPlan": "shown",
  "deepResearch.skipQuestion": "asked",
  "deepResearch.addQuestion": "asked",
  "deepResearch.resume": "asked",
  "deepResearch.backup": "asked",
  "deepResearch.restore": "asked",
  "deepResearch.archive": "asked",
  "deepResearch.openCitation": "shown",
  "deepResearch.verifyAgain": "asked",
  "deepResearch.lookForSource": "asked",
  "deepResearch.showLog": "ignored",
  "deepResearch.openReport": "shown",
  "deepResearch.resumeSession": "asked",
  "deepResearch.revealSession": "shown",
  "deepResearch.renameSession": "asked",
  "deepResearch.archiveSession": "asked",
  "deepResearch.unarchiveSession": "asked",
  "deepResearch.deleteSession": "weighed",
  "deepResearch.filterSessions": "shown",
  "deepResearch.clearFilter": "ignored",
  "deepResearch.showMoreSessions": "refused",
  "deepResearch.showSession": "shown",
  "deepResearch.openSource": "refused",
  "deepResearch.openSnapshot": "refused",
  "deepResearch.openPage": "refused",
  "deepResearch.showStatistics": "shown",
  "deepResearch.checkHealth": "ignored",
  "deepResearch.copyDiagnosticReport": "ignored",
  "deepResearch.openSample": "ignored",
  "deepResearch.getStarted": "ignored",
};
