import { createHistoryReader } from "../../reading/history/history-reader.js";
import { createPackageReader } from "../../reading/packages/package-reader.js";
import { listFiles } from "../../reading/workspace/list-files.js";
import { createCheck, failedCheck, type HealthCheck, type HealthContext } from "./check.js";

/** Whether what the workspace depends on is installed, so that it can be searched. Nothing is looked up. */
export async function checkPackages(on: HealthContext): Promise<HealthCheck[]> {
  const { l10n, situation, signal } = on;
  const { workspace, trusted } = situation;
  if (workspace === null || !trusted) return [];
  const title = l10n.t("Packages");
  try {
    const { direct } = await createPackageReader(workspace, (stop) => listFiles(workspace, [], stop)).list(
      signal,
    );
    const detail =
      direct.length === 0
        ? l10n.t("No installed packages were found, so questions about packages cannot be answered.")
        : l10n.t(
            "{0} packages that the workspace depends on are installed and can be searched.",
            direct.length,
          );
    return [createCheck(on, "packages", title, { detail })];
  } catch (error) {
    return [failedCheck(on, "packages", title, error)];
  }
}

/** Whether git can read the history of the workspace. */
export async function checkHistory(on: HealthContext): Promise<HealthCheck[]> {
  const { l10n, situation, signal } = on;
  const { workspace, trusted } = situation;
  if (workspace === null || !trusted) return [];
  const title = l10n.t("History");
  const state = await createHistoryReader(workspace).state(signal);
  if (state === "none") return [];
  return [
    state === "unreadable"
      ? createCheck(on, "history", title, {
          state: "warning",
          detail: l10n.t("Git cannot read the history of this folder, so it is not searched."),
          remedy: l10n.t(
            "Install Git, make a first commit, or fix the folder’s ownership: Git refuses repositories of another user.",
          ),
        })
      : createCheck(on, "history", title, {
          detail:
            state === "shallow"
              ? l10n.t("The history can be searched, but the clone is shallow: older commits are missing.")
              : l10n.t("The history can be searched."),
        }),
  ];
}
