import { createHash } from "node:crypto";
import path from "node:path";
import { runGit } from "../../common/run-git.js";

/**
 * The commit at HEAD if a file's bytes are what HEAD has under its path, else null: edited, not
 * tracked, no repository, no git. Nothing that the repository configures is run.
 *
 * @param file absolute
 * @param workspace the folder that is researched, absolute
 * @returns the whole commit id
 */
export async function findCommit(
  file: string,
  workspace: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<string | null> {
  const query = ["rev-parse", "HEAD", `HEAD:./${path.basename(file)}`] as const;
  const said = await runGit(path.dirname(file), workspace, query, signal);
  if (said.state !== "answered" || said.code !== 0) return null;
  const [commit, blob] = said.stdout.trim().split("\n");
  if (commit === undefined || blob === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const algorithm = blob.length === 40 ? "sha1" : "sha256";
  const own = createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  if (own === blob) return commit;
  // With core.autocrlf the working copy has other line breaks than the blob.
  const unix = Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const asUnix = createHash(algorithm).update(`blob ${unix.length}\0`).update(unix).digest("hex");
  return asUnix === blob ? commit : null;
}
