// The stand-in for Gemini, as a program of its own on a free port.
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { runAtExit } from "./cleanup.mjs";
import { root } from "./workspace.mjs";

/**
 * Starts it.
 * @param {{ latency?: number }} options milliseconds before each answer
 * @returns {Promise<{ address: string, stop: () => void, pause: () => void, goOn: () => void }>} `stop` must be
 *   called; from `pause` to `goOn` nothing is answered
 */
export async function startFake({ latency = 0 } = {}) {
  const program = path.join(root, "out/fakes/gemini-server.js");
  const child = spawn(process.execPath, [program, "--port", "0", "--latency", String(latency)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // What is paused hears nothing gentler.
  const stop = runAtExit(() => child.kill("SIGKILL"));
  const address = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () =>
      reject(new Error("The stand-in for Gemini did not start. Build it: node esbuild.js --tests")),
    );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
  });
  return { address, stop, pause: () => child.kill("SIGSTOP"), goOn: () => child.kill("SIGCONT") };
}
