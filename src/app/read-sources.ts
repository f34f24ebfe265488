import { bySurface, msg } from "../common/messages.js";
import { createHash } from "node:crypto";
import path from "node:path";
import { toResearchError, ResearchError, type ErrorCode } from "../common/errors.js";
import { isFeatureOn } from "../config/features.js";
import type { Reading } from "../core/domain/reading.js";
import { openExtractionPool, type ExtractionPool } from "../reading/documents/extraction-pool.js";
import { createPageReader, type PageReader } from "../reading/web/page-reader.js";
import { createWorkspaceReader } from "../reading/workspace/workspace-reader.js";
import { openPages } from "./open-pages.js";
import type { EngineConfig } from "./types.js";

/** What the engine reads from an address or a file, or why it cannot. */
export type SourceText =
  | {
      /** As it was named. */
      source: string;
      title: string;
      text: string;
      /** Of the text, in hex. */
      sha256: string;
      warnings: string[];
      /** Number of pages, where the source has pages. */
      pages?: number;
      links?: Reading["links"];
      canonical?: string;
      /** How many of its words are in the text, and what was left out; absent where it was not measured. */
      coverage?: Reading["coverage"];
      /** What the source calls itself: superseded, deprecated or archived. */
      status?: Reading["status"];
    }
  | { source: string; error: { code: ErrorCode; message: string } };

/**
 * Reads pages and files as a research would read them. A file may be anywhere: the user named it.
 * @param sources addresses, and paths that `resolveFile` makes absolute
 * @returns a result for each source; fewer where the signal was aborted
 */
export async function readSources(
  config: EngineConfig,
  sources: string[],
  resolveFile: (source: string) => Promise<string>,
  signal: AbortSignal,
): Promise<SourceText[]> {
  const { settings } = config;
  const threads = openExtractionPool();
  const pages = isFeatureOn("pageReading", settings)
    ? openPages(
        config,
        createPageReader({ allowedPrivateHosts: settings.allowedPrivateHosts, text: threads.read }),
        threads.read,
        false,
      )
    : null;
  const results: SourceText[] = [];
  try {
    for (const source of sources) {
      try {
        const reading = /^[a-z][a-z0-9+.-]*:\/\//i.test(source)
          ? await (pages ?? NO_PAGES).read({ kind: "page", url: source }, signal)
          : await readFileInPlace(await resolveFile(source), threads, signal);
        results.push(toSourceText(source, reading));
      } catch (error) {
        if (signal.aborted) break;
        const { code, line } = toResearchError(error, "unreadable", msg`${source} could not be read`);
        results.push({ source, error: { code, message: line } });
      }
    }
  } finally {
    await threads.close();
  }
  return results;
}

/** Reads no page, as the user turned that off. */
const NO_PAGES: Pick<PageReader, "read"> = {
  read: () =>
    Promise.reject(
      new ResearchError(
        "refused-address",
        msg`Reading web pages is turned off.`,
        bySurface(
          msg`Turn it on in RESEARCH_FEATURES, or choose another source.`,
          msg`Turn it on in deepResearch.features, or choose another source.`,
        ),
      ),
    ),
};

function toSourceText(
  source: string,
  { title, text, pages, links, canonical, warnings, coverage, status }: Reading,
): SourceText {
  return {
    source,
    title,
    text,
    sha256: createHash("sha256").update(text).digest("hex"),
    warnings,
    ...(pages === null ? {} : { pages: pages.at(-1) ?? 0 }),
    ...(links.length === 0 ? {} : { links }),
    ...(canonical === null ? {} : { canonical }),
    ...(coverage === undefined ? {} : { coverage }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Reads a file like one of a workspace that is its folder. */
function readFileInPlace(file: string, threads: ExtractionPool, signal: AbortSignal): Promise<Reading> {
  const workspace = createWorkspaceReader({ root: path.dirname(file), exclude: [], text: threads.read });
  return workspace.read({ kind: "workspace", path: path.basename(file) }, signal);
}
