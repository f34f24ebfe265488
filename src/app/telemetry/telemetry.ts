import { createRequire } from "node:module";
import { siblingBundle } from "../../common/sibling-bundle.js";
import { isFeatureOn } from "../../config/features.js";
import type { EventListener } from "../../core/domain/events.js";
import type { EngineConfig } from "../types.js";

/** The export of traces and metrics of a run. */
export interface Telemetry {
  listen: EventListener;
  /** Sends what is left. Takes a second at most, and never rejects. */
  close(): Promise<void>;
}

interface OtlpBundle {
  openOtlp: (version: string) => Telemetry;
}

/**
 * Opens the export where the machine's own environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT) and the feature
 * is on; only then the bundle is loaded.
 * @param version of Deep Research
 * @param failed told why nothing is exported though it should be
 * @returns null where nothing is exported
 */
export function openTelemetry(
  { settings }: EngineConfig,
  environment: Record<string, string | undefined>,
  version: string,
  failed: (why: string) => void,
): Telemetry | null {
  const endpoint = environment["OTEL_EXPORTER_OTLP_ENDPOINT"]?.trim() ?? "";
  const isDisabled = environment["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true";
  if (endpoint === "" || isDisabled || !isFeatureOn("telemetryExport", settings)) return null;
  const file = siblingBundle("otlp.js");
  try {
    return (createRequire(file)(file) as OtlpBundle).openOtlp(version);
  } catch (error) {
    // With an invalid address or a missing bundle, the run continues without telemetry.
    failed(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    return null;
  }
}
