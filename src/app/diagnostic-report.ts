import type { ErrorRecord } from "../storage/statistics/error-records.js";
import type { HealthReport } from "./health/check-health.js";

/** What the interface knows about itself. */
export interface DiagnosticContext {
  version: string;
  /** Name and version of the editor; null in a terminal. */
  editor: { name: string; version: string } | null;
  now: Date;
}

/**
 * What a maintainer needs to know about a problem, as Markdown in English. It holds names, states, codes and counts, and
 * no question, path, address, session or value of a setting.
 */
export function createDiagnosticReport(
  { checks, settings, features }: HealthReport,
  errors: readonly ErrorRecord[],
  { version, editor, now }: DiagnosticContext,
): string {
  const environment = settings.find(({ name }) => name === "environment")?.value ?? "";
  const changed = settings.filter(({ from }) => !from.startsWith("default")).map(({ name }) => name);
  const list = (names: string[]): string => (names.length === 0 ? "none" : names.join(", "));
  return [
    "# Diagnostic report of Deep Research",
    [
      `- Made: ${now.toISOString()}`,
      `- Version: ${version}`,
      `- Editor: ${editor === null ? "none" : `${editor.name} ${editor.version}`}`,
      `- Node: ${process.versions.node}, ${process.platform} ${process.arch}`,
      `- Environment: ${environment}`,
      `- Settings that were changed: ${list(changed)}`,
      `- Features that are off: ${list(features.filter(({ on }) => !on).map(({ name }) => name))}`,
    ].join("\n"),
    "## Health",
    checks.map(({ name, state }) => `- ${name}: ${state}`).join("\n"),
    "## Errors",
    errors.length === 0
      ? "None were seen."
      : [
          "| where | code | count | first seen | last seen |",
          "| --- | --- | --- | --- | --- |",
          ...errors.map(
            ({ where, code, count, first, last }) => `| ${where} | ${code} | ${count} | ${first} | ${last} |`,
          ),
        ].join("\n"),
    "",
  ].join("\n\n");
}
