import { existsSync } from "node:fs";
import path from "node:path";

/** Bundles that run on worker threads. */
export type WorkerProgram = "extraction-worker.js" | "workspace-worker.js";

/** The file of a worker's program: next to our own bundle or, for bundles in subfolders, above it. */
export function workerProgramFile(program: WorkerProgram): string {
  const candidates = [".", "..", "../..", "../../..", "../../../.."].map((folder) =>
    path.join(__dirname, folder, program),
  );
  return candidates.find((file) => existsSync(file)) ?? candidates[0] ?? "";
}
