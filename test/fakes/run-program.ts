import { spawn } from "node:child_process";
import path from "node:path";

/** How a run of the built program ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

const CLI = path.resolve("dist/cli.js");

/** The environment of a program that is tested: what a user remembers on this machine is the test run's own. */
export function programEnvironment(env: Record<string, string> = {}): Record<string, string> {
  const { PATH = "", HOME = "", DEEP_RESEARCH_STATE } = process.env;
  // Set by test/mocha-setup.cjs: without it the tests would write into the user's own folder.
  if (DEEP_RESEARCH_STATE === undefined) throw new Error("DEEP_RESEARCH_STATE is not set.");
  return { PATH, HOME, DEEP_RESEARCH_STATE, ...env };
}

/**
 * Starts the built program in a folder, as a user would, with no environment but the one given.
 * @param during may act on it while it runs
 */
export function runProgram(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
  during?: (kill: (signal: NodeJS.Signals) => void, stderr: () => string) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: programEnvironment(env) });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    during?.(
      (signal) => child.kill(signal),
      () => stderr,
    );
  });
}
