import type { Search } from "../../src/core/domain/ports.js";
import { openWorkspaceIndex } from "../../src/search/workspace/workspace-index.js";
import {
  createWorkspaceReader,
  type WorkspaceReader,
  type WorkspaceOptions,
} from "../../src/reading/workspace/workspace-reader.js";
import { createWorkspaceSearch } from "../../src/search/workspace/workspace-search.js";

/** A folder as the engine has it: read, and searched through its index. */
export interface SearchedWorkspace extends WorkspaceReader {
  search: Search;
  close(): Promise<void>;
}

/** Reading pages and PDFs takes long to load: it is done where one is read. */
const text: WorkspaceOptions["text"] = async (document) =>
  (await import("../../src/reading/documents/extract-text.js")).extractDocumentText(document);

/** @param cache a folder for the index; null: in memory */
export function aWorkspace(
  root: string,
  { cache = null, ...rest }: Partial<WorkspaceOptions> & { cache?: string | null } = {},
): SearchedWorkspace {
  const workspace = createWorkspaceReader({ root, exclude: [], text, ...rest });
  const index = openWorkspaceIndex(root, () => Promise.resolve(cache));
  return { ...workspace, search: createWorkspaceSearch(workspace, index), close: () => index.close() };
}
