import type { Settings } from "../../config/settings-schema.js";
import { findOldData, hasRetention } from "../retention.js";
import { createCheck, type HealthCheck, type HealthContext } from "./check.js";

/** What the next run removes because it is older than its limit; nothing where there is no limit. Removes nothing. */
export async function checkRetention(on: HealthContext, settings: Settings): Promise<HealthCheck[]> {
  const { l10n, situation, signal } = on;
  if (situation.workspace === null || !hasRetention(settings)) return [];
  const config = { workspace: situation.workspace, settings, key: null, baseUrl: null };
  const { sessions, snapshots, errors, inGit } = await findOldData(config, new Date(), signal);
  const title = l10n.t("Retention");
  const detail = l10n.t(
    "Older than its limit: {0} sessions with their reports, the snapshots of {1} sessions, {2} counted errors. {3} sessions stay because git has them.",
    sessions.length,
    snapshots.length,
    errors,
    inGit.length,
  );
  const hasOld = sessions.length + snapshots.length + errors > 0;
  const remedy = hasOld ? l10n.t("The end of the next run removes it; copy what you want to keep.") : "";
  return [createCheck(on, "retention", title, { detail, remedy })];
}
