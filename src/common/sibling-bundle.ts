import { existsSync } from "node:fs";
import path from "node:path";

/** Bundles that others load: those that run on worker threads, and the export of telemetry. */
type SiblingBundle = "extraction-worker.js" | "workspace-worker.js" | "otlp.js";

/** The file of a bundle: next to our own or, for bundles in subfolders, above it. */
export function siblingBundle(program: SiblingBundle): string {
  const candidates = [".", "..", "../..", "../../..", "../../../.."].map((folder) =>
    path.join(__dirname, folder, program),
  );
  return candidates.find((file) => existsSync(file)) ?? candidates[0] ?? "";
}
