import { ResearchError } from "../common/errors.js";
import type { CommitLocation, PackageLocation } from "../core/domain/schema.js";
import { createHistoryReader } from "../reading/history/history-reader.js";
import { createPackageReader, type PackageReader } from "../reading/packages/package-reader.js";
import { createWorkspaceReader } from "../reading/workspace/workspace-reader.js";
import type { CurrentText } from "./quote-status.js";

/** What became of a package or a commit: its text, the version that is installed now, or null if it is gone. */
export type CurrentSource = CurrentText | { installed: string } | null;

/** Reads a package or a commit as it is today; undefined if that cannot be told. */
export type ReadCurrentSource = (
  place: PackageLocation | CommitLocation,
  signal: AbortSignal,
) => Promise<CurrentSource | undefined>;

/** Milliseconds for which the list of installed packages counts: a check in the editor follows the next one soon. */
const LISTED_FOR_MS = 10_000;
/** Number of cached texts; those of commits never change. */
const MAX_CACHED = 64;

/** Opens what reports cite besides files: the packages and the history of a workspace. Nothing is sent or run. */
export function createCurrentSources(workspace: string): ReadCurrentSource {
  const files = createWorkspaceReader({
    root: workspace,
    exclude: [],
    text: () => Promise.reject(new Error("no PDF")),
  });
  const history = createHistoryReader(workspace);
  const commits = new Map<string, CurrentText>();
  let opened: { packages: PackageReader; at: number } | null = null;
  const texts = new WeakMap<PackageReader, Map<string, CurrentText>>();

  const packagesNow = (): PackageReader => {
    const now = performance.now();
    if (opened === null || now - opened.at > LISTED_FOR_MS)
      opened = { packages: createPackageReader(workspace, (stop) => files.files(stop)), at: now };
    return opened.packages;
  };

  const readPackage = async (place: PackageLocation, signal: AbortSignal): Promise<CurrentSource> => {
    const packages = packagesNow();
    const versions = await packages.versions(place, signal);
    const [installed] = versions;
    if (installed === undefined) return null;
    if (!versions.includes(place.version)) return { installed };
    const known = texts.get(packages) ?? new Map<string, CurrentText>();
    texts.set(packages, known);
    const key = JSON.stringify(place);
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const { text, lines, pages } = await packages.read(place, signal);
    const current = { text, lines, pages, marked: null };
    known.set(key, current);
    return current;
  };

  const readCommit = async (place: CommitLocation, signal: AbortSignal): Promise<CurrentSource> => {
    const cached = commits.get(place.commit);
    if (cached !== undefined) return cached;
    const { text } = await history.read(place, signal);
    const current = { text, lines: null, pages: null, marked: null };
    if (commits.size >= MAX_CACHED) commits.clear();
    commits.set(place.commit, current);
    return current;
  };

  return async (place, signal) => {
    try {
      if (place.kind === "package") return await readPackage(place, signal);
      const state = await history.state(signal);
      // Without git, or in a folder without the repository, nothing can be told.
      return state === "whole" ? await readCommit(place, signal) : undefined;
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof ResearchError && error.gone === true ? null : undefined;
    }
  };
}
