// Prints the results that a suite in the extension host left.
import fs from "node:fs";

/**
 * Prints each test and the count.
 * @param {string} file the results that the suite wrote
 * @param {string[] | null} outbound addresses outside 127.0.0.1 that the browser asked for; those of the
 *   extension host are added. Null: not judged, since more than our extension runs there and may call home
 * @param {string | null} problem what kept the suite from its end
 * @returns {number} how many failed; a suite that ran no test, or not to its end, has failed
 */
export function printResults(file, outbound, problem) {
  const left = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : null;
  const { passed, failed, running } = left ?? { passed: [], failed: [], running: null };
  const problems = problem === null ? [] : [problem];
  if (left === null) problems.push("The suite left no results: the extension host did not run it.");
  else if (running !== null) problems.push(`It was at: ${running}`);
  else if (passed.length + failed.length === 0) problems.push("The suite holds no test.");
  const left127 = outbound === null ? [] : [...outbound, ...(left?.outbound ?? [])];
  for (const address of left127) problems.push(`Left 127.0.0.1: ${address}`);

  for (const { title, milliseconds } of passed) console.log(`  ✔ ${title} (${milliseconds} ms)`);
  for (const { title, error } of failed) console.log(`  ✘ ${title}\n${error.replace(/^/gm, "      ")}`);
  for (const each of problems) console.log(`  ✘ ${each}`);
  const failures = failed.length + problems.length;
  console.log(`\n${passed.length} passed, ${failures} failed`);
  return failures;
}
