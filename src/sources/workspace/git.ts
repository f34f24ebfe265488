import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";

/**
 * The commit at HEAD if a file's bytes are what HEAD has under its path, else null: edited, not
 * tracked, no repository, no git. Nothing that the repository configures is run.
 *
 * @param file absolute
 * @returns the whole commit id
 */
export async function commitOf(file: string, bytes: Uint8Array, signal: AbortSignal): Promise<string | null> {
  const folder = path.dirname(file);
  const said = await git(folder, ["rev-parse", "HEAD", `HEAD:./${path.basename(file)}`], signal);
  const [commit, blob] = said?.trim().split("\n") ?? [];
  if (commit === undefined || blob === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const algorithm = blob.length === 40 ? "sha1" : "sha256";
  const own = createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  if (own === blob) return commit;
  // With core.autocrlf the working copy has other line breaks than the blob.
  const unix = Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const asUnix = createHash(algorithm).update(`blob ${unix.length}\0`).update(unix).digest("hex");
  return asUnix === blob ? commit : null;
}

/** How git stands to a file: it keeps it, ignores it, would take it with the next `git add`, or is not there. */
export async function gitStateOf(
  file: string,
  signal: AbortSignal,
): Promise<"tracked" | "ignored" | "untracked" | "no-git"> {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  if ((await git(folder, ["rev-parse", "--is-inside-work-tree"], signal)) === null) return "no-git";
  if ((await git(folder, ["ls-files", "--error-unmatch", "--", name], signal)) !== null) return "tracked";
  return (await git(folder, ["check-ignore", "--", name], signal)) === null ? "untracked" : "ignored";
}

function git(folder: string, args: string[], signal: AbortSignal): Promise<string | null> {
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", folder];
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile(
      "git",
      [...safe, ...args],
      { timeout: 5000, signal, env, windowsHide: true },
      (error, stdout) => {
        resolve(error === null ? stdout : null);
      },
    );
  });
}
