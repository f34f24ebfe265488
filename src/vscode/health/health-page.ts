import type { HealthCheck, HealthReport } from "../../app/health/check-health.js";
import type { Localizer } from "../../common/messages.js";

/**
 * The checks as Markdown: first those that need attention, then all.
 * @param folder the name of the checked folder, or null
 */
export function renderHealthPage(
  { checks, settings, features }: HealthReport,
  l10n: Localizer,
  folder: string | null,
): string {
  const states = { ok: l10n.t("ok"), warning: l10n.t("warning"), failed: l10n.t("failed") };
  const marks = { ok: "✓", warning: "⚠", failed: "✗" };
  const failed = checks.filter(({ state }) => state === "failed");
  const warned = checks.filter(({ state }) => state === "warning");
  const say = ({ title, state, detail, remedy }: HealthCheck): string =>
    `- **${marks[state]} ${plain(title)}** (${states[state]}): ${plain(detail)}` +
    (remedy === "" ? "" : `\n\n    → ${plain(remedy)}`);
  const verdict =
    failed.length > 0
      ? l10n.t("Failed: {0}. Warnings: {1}.", failed.length, warned.length)
      : warned.length > 0
        ? l10n.t("Nothing failed. Warnings: {0}.", warned.length)
        : l10n.t("All checks passed.");
  const rows = checks.map(({ title, state, detail, remedy }) => {
    // Failed checks and their remedies are already listed above.
    const possible = state === "ok" && remedy !== "" ? ` → ${plain(remedy)}` : "";
    return `| ${marks[state]}\u00a0${states[state]} | ${plain(title)} | ${plain(detail)}${possible} |`;
  });
  return [
    `# ${l10n.t("Deep Research Health")}`,
    `**${verdict}** ${folder === null ? "" : plain(l10n.t("Checked in {0}.", folder))}`.trim(),
    ...(failed.length + warned.length > 0
      ? [`## ${l10n.t("What to do")}`, [...failed, ...warned].map(say).join("\n\n")]
      : []),
    `## ${l10n.t("All checks")}`,
    [`| | ${l10n.t("Check")} | ${l10n.t("Result")} |`, "|---|---|---|", ...rows].join("\n"),
    `## ${l10n.t("Settings")}`,
    [
      `| ${l10n.t("Setting")} | ${l10n.t("Value")} | ${l10n.t("Source")} |`,
      "|---|---|---|",
      ...settings.map(({ name, value, from }) => `| ${name} | ${plain(value)} | ${plain(from)} |`),
    ].join("\n"),
    `## ${l10n.t("Features")}`,
    [
      `| | ${l10n.t("Feature")} |`,
      "|---|---|",
      ...features.map(({ title, on }) => `| ${on ? l10n.t("on") : l10n.t("off")} | ${plain(title)} |`),
    ].join("\n"),
    `*${l10n.t("The key is never shown. To check again, run “Deep Research: Check Health”.")}*`,
    "",
  ].join("\n\n");
}

/** Escapes a text for one line of Markdown; its web addresses stay links. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .split(/(https:\/\/[\w./#-]*[\w/])/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : part.replace(/[\\`*_{}[\]<>#|~&!$^]/g, "\\$&")))
    .join("");
}
