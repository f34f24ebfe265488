import { existsSync } from "node:fs";
import path from "node:path";

/** The bundles that run on threads of their own. */
export type WorkerProgram = "extraction-worker.js" | "workspace-worker.js";

/** The file of a thread's program: beside our own bundle or, for bundles in subfolders, above it. */
export function workerProgramFile(program: WorkerProgram): string {
  const beside = [".", "..", "../..", "../../..", "../../../.."].map((folder) =>
    path.join(__dirname, folder, program),
  );
  return beside.find((file) => existsSync(file)) ?? beside[0] ?? "";
}
