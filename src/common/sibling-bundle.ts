import path from "node:path";

/** Bundles that others load: those that run on worker threads, and the export of telemetry. */
type SiblingBundle = "extraction-worker.js" | "workspace-worker.js" | "otlp.js";

/** The folders that a build writes: the product's, and the tests'. */
const BUILD_FOLDERS = new Set(["dist", "out"]);

/**
 * The file of a bundle, which the build writes into one folder with ours. It may be missing; it is never looked for
 * outside that folder, where somebody else could have put one.
 */
export function siblingBundle(program: SiblingBundle): string {
  return path.join(buildFolder(__dirname) ?? __dirname, program);
}

/** The nearest folder, from this one upward, that a build writes; null where there is none. */
function buildFolder(folder: string): string | null {
  if (BUILD_FOLDERS.has(path.basename(folder))) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? null : buildFolder(parent);
}
