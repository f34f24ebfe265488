// Asks the npm registry for known faults of what the product contains. Fails for one that is high or critical; says so
// where the registry does not answer, which is no fault of ours.
//   node test/package/check-advisories.mjs
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const checkout = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const args = ["audit", "--package-lock-only", "--omit=dev", "--json", "--fetch-retries=0"];
const { stdout } = spawnSync("npm", args, {
  cwd: checkout,
  encoding: "utf8",
  timeout: 60_000,
  shell: process.platform === "win32",
});

/** npm's answer; null where it gave none. */
function parseAudit() {
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

const vulnerabilities = parseAudit()?.vulnerabilities;
if (vulnerabilities === undefined) {
  console.log("Advisories were not checked: the registry does not answer that question.");
} else {
  const found = Object.values(vulnerabilities);
  for (const { name, severity, range, via } of found) {
    const why = via.map((each) => (typeof each === "string" ? `by ${each}` : `${each.title}, ${each.url}`));
    console.log(`${name} ${range} (${severity}): ${why.join("; ")}`);
  }
  const isSerious = ({ severity }) => severity === "high" || severity === "critical";
  if (found.some(isSerious)) process.exitCode = 1;
  else console.log(`Advisories: none that is high or critical, ${found.length} others.`);
}
