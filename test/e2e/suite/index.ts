import { readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import { refuseOutbound } from "./outbound-requests.js";

/**
 * Runs the suite inside the extension host; both launchers call it. The results go to the file that
 * DEEP_RESEARCH_HOST_RESULTS names, since the host's own log is noisy. They are written as they come, so
 * that a suite which hangs still tells where.
 */
export async function run(): Promise<void> {
  const outbound = refuseOutbound();
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false });
  mocha.grep(new RegExp(process.env["DEEP_RESEARCH_HOST_GREP"] ?? ""));
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith(".test.js")) mocha.addFile(path.join(__dirname, name));
  }
  const passed: { title: string; milliseconds: number }[] = [];
  const failed: { title: string; error: string }[] = [];
  const results = process.env["DEEP_RESEARCH_HOST_RESULTS"];
  const save = (running: string | null): void => {
    if (results === undefined) return;
    writeFileSync(`${results}.new`, JSON.stringify({ passed, failed, outbound, running }));
    renameSync(`${results}.new`, results);
  };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("test", (test) => save(test.fullTitle()))
      .on("pass", (test) => passed.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }))
      .on("fail", (test, error: Error) =>
        failed.push({ title: test.fullTitle(), error: error.stack ?? error.message }),
      );
  });
  save(null);
  if (failed.length > 0) throw new Error(`${failed.length} of ${failed.length + passed.length} failed`);
}
