import { msg, type Message } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import type { SearchProvider } from "../search-provider.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import type { WorkspaceReader } from "../../reading/workspace/workspace-reader.js";
import type { ReadPdfText, WorkspaceIndex } from "./workspace-index.js";

const workspaceTraits: SearchTraits = {
  id: "workspace",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: true,
  keeps: "hits",
  covers: "workspace",
};

/** Documents at most that a search names because their format is not read. */
const MOST_UNREAD = 200;

export const workspaceProvider: SearchProvider = {
  ...workspaceTraits,
  scope: "workspace",
  feature: "workspaceSearch",
  isConfigured: () => true,
  open: ({ openWorkspace, notice }) => {
    const { reader, index } = openWorkspace();
    return createWorkspaceSearch(reader, index, notice);
  },
};

/**
 * Finds a workspace's files by BM25 over their passages, best first. The index is brought up to date
 * once, by the first question.
 * @param notice is told where the search is slower than it should be
 */
export function createWorkspaceSearch(
  workspace: WorkspaceReader,
  index: WorkspaceIndex,
  notice: (message: Message) => void = () => undefined,
): Search {
  const pdfText: ReadPdfText = async (file, signal) => {
    try {
      const { title, text } = await workspace.read({ kind: "workspace", path: file }, signal);
      return { title, text };
    } catch (error) {
      signal.throwIfAborted();
      // What took too long may be read another time.
      return error instanceof ResearchError && error.code === "timeout" ? undefined : null;
    }
  };
  let unread: string[] = [];
  let updated: Promise<void> | null = null;
  const upToDate = (signal: AbortSignal): Promise<void> =>
    (updated ??= index.update(workspace.files(signal, (unread = [])), pdfText, signal).then(
      () => {
        if (!index.isPlain()) return;
        notice(
          msg`The index could not be opened (it needs threads and WebAssembly): the workspace is searched more slowly.`,
        );
      },
      (error: unknown) => {
        // What was cut off is done by the next question.
        updated = null;
        throw error;
      },
    ));
  return {
    ...workspaceTraits,
    async search(question, limit, signal) {
      signal.throwIfAborted();
      await upToDate(signal);
      const found = await index.search(question, limit, signal);
      const hits = found.map(({ file, title }) => ({
        place: { kind: "workspace" as const, path: file },
        title,
      }));
      const skipped = unread.length === 0 ? {} : { unread: unread.toSorted().slice(0, MOST_UNREAD) };
      return { value: { hits, grounded: null, ...skipped }, usage: NO_USAGE, by: "workspace" };
    },
  };
}
