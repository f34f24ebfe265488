import { tmpdir } from "node:os";
import { listFiles } from "../../reading/workspace/list-files.js";
import { openWorkspaceIndex } from "../../search/workspace/workspace-index.js";
import type { Settings } from "../../config/settings-schema.js";
import { cacheFolder } from "../../config/storage-folders.js";
import { findProxy } from "../../common/proxy.js";
import { createCheck, failedCheck, type HealthCheck, type HealthContext } from "./check.js";

/* The programs that it runs in and on: Node, VS Code, the index; and the folder that is open. */

const OLDEST_NODE = [20, 17] as const;

export function checkVersions(on: HealthContext, node = process.versions.node): HealthCheck {
  const { l10n, situation } = on;
  const title = l10n.t("Versions");
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const here = `Node ${node}, ${process.platform} ${process.arch}`;
  const { version, editor } = situation;
  const detail =
    editor === null
      ? l10n.t("Deep Research {0} on {1}.", version, here)
      : editor.remote === null
        ? l10n.t("Deep Research {0} in {1} {2}, on {3}.", version, editor.name, editor.version, here)
        : l10n.t(
            "Deep Research {0} in {1} {2}, on {3}, running on the remote “{4}”, which also holds the sessions and reports and provides the network connection.",
            version,
            editor.name,
            editor.version,
            here,
            editor.remote,
          );
  return createCheck(on, "node", title, {
    detail,
    ...(isOld
      ? {
          state: "failed",
          remedy:
            editor === null
              ? l10n.t("Install Node {0} or newer.", OLDEST_NODE.join("."))
              : l10n.t("Update VS Code: its Node is older than {0}.", OLDEST_NODE.join(".")),
        }
      : {}),
  });
}

/** Whether the workspace is trusted; a terminal does not ask. */
export function checkTrust(on: HealthContext): HealthCheck[] {
  const { l10n, situation } = on;
  if (situation.editor === null || situation.workspace === null) return [];
  const title = l10n.t("Workspace trust");
  return [
    situation.trusted
      ? createCheck(on, "trust", title, { detail: l10n.t("The workspace is trusted.") })
      : createCheck(on, "trust", title, {
          state: "warning",
          detail: l10n.t(
            "The workspace is not trusted: reports can be read and verified, but nothing is researched.",
          ),
          remedy: l10n.t("If you trust its authors, run “Workspaces: Manage Workspace Trust”."),
          helps: "trust",
        }),
  ];
}

/** The proxy that the environment names, if any. */
export function checkProxy(on: HealthContext): HealthCheck[] {
  const { l10n } = on;
  const title = l10n.t("Proxy");
  try {
    const proxy = findProxy(new URL("https://example.com/"));
    if (proxy === null) return [];
    return [
      createCheck(on, "proxy", title, {
        detail: l10n.t("Requests go through {0}, as HTTPS_PROXY says.", proxy.host),
      }),
    ];
  } catch (error) {
    return [failedCheck(on, "proxy", title, error)];
  }
}

/** The folder, and how many of its files can be researched. */
export async function checkWorkspace(on: HealthContext, settings: Settings): Promise<HealthCheck> {
  const { l10n, situation, signal } = on;
  const { workspace, trusted } = situation;
  const title = l10n.t("Workspace");
  if (workspace === null) {
    return createCheck(on, "workspace", title, {
      state: "warning",
      detail: l10n.t("No folder is open. Sessions and reports need a folder to be saved in."),
      remedy: l10n.t("Run “File: Open Folder…”."),
      helps: "open-folder",
    });
  }
  if (!trusted) {
    return createCheck(on, "workspace", title, {
      detail: l10n.t("{0}. Its files are not read.", workspace),
    });
  }
  try {
    const { sessionStoragePath, reportOutputPath } = settings;
    const exclude = [sessionStoragePath, reportOutputPath, cacheFolder(sessionStoragePath)];
    const { length } = await listFiles(workspace, exclude, signal);
    return length === 0
      ? createCheck(on, "workspace", title, {
          state: "warning",
          detail: l10n.t("{0} contains no files that can be researched.", workspace),
          remedy: l10n.t("Open a folder with docs or code, or research the web."),
        })
      : createCheck(on, "workspace", title, {
          detail:
            length === 1
              ? l10n.t("{0}: one file can be researched.", workspace)
              : l10n.t("{0}: {1} files can be researched.", workspace, length),
        });
  } catch (error) {
    return failedCheck(on, "workspace", title, error);
  }
}

/** Searches an empty index in memory, so that its threads and SQLite are known to work here. */
export async function checkIndex(on: HealthContext): Promise<HealthCheck> {
  const { l10n, signal } = on;
  const title = l10n.t("Index");
  const index = openWorkspaceIndex(tmpdir(), () => Promise.resolve(null));
  try {
    await index.update(Promise.resolve([]), () => Promise.resolve(null), signal);
    await index.search({ question: "test", query: "test" }, 1, signal);
    if (index.isPlain()) {
      return createCheck(on, "index", title, {
        state: "warning",
        detail: l10n.t("SQLite or its threads do not start: the workspace is searched more slowly."),
        remedy: l10n.t("Install Deep Research again, and run it where WebAssembly is allowed."),
      });
    }
    return createCheck(on, "index", title, {
      detail: l10n.t("Full-text search is working."),
    });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return createCheck(on, "index", title, {
      state: "failed",
      detail: l10n.t("The workspace cannot be indexed: {0}", why),
      remedy: l10n.t("Install Deep Research again."),
    });
  } finally {
    await index.close();
  }
}
