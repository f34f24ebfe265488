// The stand-in for Gemini, as a program of its own on a free port.
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Starts it. @returns its address, and `stop`, which must be called */
export async function startFake() {
  const program = path.join(root, "out/fakes/gemini-server.js");
  const child = spawn(process.execPath, [program, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("The stand-in for Gemini did not start.")));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
  });
  return { address, stop: () => child.kill() };
}
