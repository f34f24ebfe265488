import { writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";

/**
 * Runs the suite inside the extension host; both launchers call it. The results go to the file that
 * DEEP_RESEARCH_HOST_RESULTS names, since the host's own log is noisy.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false });
  mocha.addFile(path.join(__dirname, "extension.test.js"));
  const passed: { title: string; milliseconds: number }[] = [];
  const failed: { title: string; error: string }[] = [];
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("pass", (test) => passed.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }))
      .on("fail", (test, error: Error) =>
        failed.push({ title: test.fullTitle(), error: error.stack ?? error.message }),
      );
  });
  const results = process.env["DEEP_RESEARCH_HOST_RESULTS"];
  if (results !== undefined) writeFileSync(results, JSON.stringify({ passed, failed }));
  if (failed.length > 0) throw new Error(`${failed.length} of ${failed.length + passed.length} failed`);
}
