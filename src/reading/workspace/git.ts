import { createHash } from "node:crypto";
import path from "node:path";
import { runGit } from "../../common/run-git.js";

/**
 * The commit at HEAD if it contains the same bytes for a file; null if the file was edited or is not tracked, or
 * without a repository or git. Nothing that the repository configures is run.
 *
 * @param file absolute
 * @param workspace the researched folder, absolute
 * @param noteMissing called where there is a repository and git is not installed
 * @returns the full commit id
 */
export async function findCommit(
  file: string,
  workspace: string,
  bytes: Uint8Array,
  signal: AbortSignal,
  noteMissing: () => void = () => undefined,
): Promise<string | null> {
  const query = ["rev-parse", "HEAD", `HEAD:./${path.basename(file)}`] as const;
  const answer = await runGit(path.dirname(file), workspace, query, signal);
  if (answer.state === "unknown" && answer.isMissing === true) noteMissing();
  if (answer.state !== "answered" || answer.code !== 0) return null;
  const [commit, blob] = answer.stdout.trim().split("\n");
  if (commit === undefined || blob === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const algorithm = blob.length === 40 ? "sha1" : "sha256";
  const blobHash = createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  if (blobHash === blob) return commit;
  // With core.autocrlf the working copy has different line breaks from the blob.
  const unix = Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const asUnix = createHash(algorithm).update(`blob ${unix.length}\0`).update(unix).digest("hex");
  return asUnix === blob ? commit : null;
}
