import { msg, type Message } from "../common/messages.js";
import path from "node:path";
import { findObstacle, trustedRoot } from "../common/real-folder.js";
import { isBelow } from "../common/is-below.js";
import { ResearchError } from "../common/errors.js";
import { toLinkError } from "../common/files.js";

/* Validates the folders of sessions, reports and the cache: a run writes there, and clears the cache. */

/** A folder from a setting, absolute. */
export interface ChosenFolder {
  folder: string;
  /** For the message: "sessionStoragePath in deep-research.yaml". */
  where: string;
  /** True if the user set it outside the workspace's files: then it may be outside the workspace. */
  byUser: boolean;
}

/** Folders of other programs, which must not be used. */
const FOREIGN = new Set([".git", "node_modules"]);

/** Finds problems of the folders for sessions and reports, and of the cache next to the sessions. */
export async function findFolderProblems(
  workspace: string,
  sessions: ChosenFolder,
  reports: ChosenFolder,
): Promise<ResearchError[]> {
  const cache = cacheFolder(sessions.folder);
  const problems: ResearchError[] = [];
  const refuse = ({ where, folder }: ChosenFolder, why: Message): void => {
    const shown = isBelow(folder, workspace) ? path.relative(workspace, folder) : folder;
    problems.push(
      new ResearchError("bad-settings", msg`${where} is ${JSON.stringify(shown)}: ${why}.`, REMEDY),
    );
  };
  if (!sessions.byUser && !(isBelow(sessions.folder, workspace) && isBelow(cache, workspace))) {
    refuse(sessions, msg`sessions and the cache next to them must each be in a folder below the workspace`);
  }
  if (isSame(sessions.folder, reports.folder)) {
    refuse(sessions, msg`reports use the same folder`);
  }
  if (isSame(cache, sessions.folder)) refuse(sessions, msg`this is the cache folder`);
  if (isSameOrBelow(reports.folder, cache)) refuse(reports, msg`this is inside the cache folder`);
  const links = new Set<string>();
  for (const chosen of [sessions, reports]) {
    const foreign = path
      .relative(workspace, chosen.folder)
      .split(path.sep)
      .find((name) => FOREIGN.has(name.toLowerCase()));
    if (foreign !== undefined) refuse(chosen, msg`${foreign} belongs to another program`);
    const obstacle = await findObstacle(trustedRoot(chosen.folder, workspace), chosen.folder).catch(
      () => null,
    );
    if (obstacle?.kind === "link" && !links.has(obstacle.place)) {
      links.add(obstacle.place);
      problems.push(toLinkError(obstacle, "bad-settings"));
    }
  }
  return problems;
}

const REMEDY = msg`Choose another folder, such as ./data/sessions and ./data/reports.`;

/** Normalizes a path, since some file systems ignore case and Unicode form. */
function normalizePath(folder: string): string {
  return path.resolve(folder).normalize("NFC").toLowerCase();
}

function isSame(one: string, other: string): boolean {
  return normalizePath(one) === normalizePath(other);
}

function isSameOrBelow(inner: string, outer: string): boolean {
  return isSame(inner, outer) || isBelow(normalizePath(inner), normalizePath(outer));
}

/** The folder of counted errors, next to the sessions. */
export function statisticsFolder(sessions: string): string {
  return path.join(path.dirname(sessions), "statistics");
}

/** The cache folder for a sessions folder. */
export function cacheFolder(sessions: string): string {
  return path.join(path.dirname(sessions), "cache");
}
