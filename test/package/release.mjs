// Makes what a release consists of, in release/: the extension, twice and compared, the list of its components (SBOM,
// CycloneDX) and their checksums. Publishes nothing: docs/release.md says who does.
//   npm run release -- [https://URL-OF-THE-REPOSITORYS-FILES]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeVsix, packageEpoch } from "./make-vsix.mjs";

process.chdir(path.join(path.dirname(fileURLToPath(import.meta.url)), "../.."));
const FOLDER = "release";
const { name, version } = JSON.parse(fs.readFileSync("package.json", "utf8"));

const hashOf = (file) => createHash("sha256").update(fs.readFileSync(file)).digest("hex");

/** @throws Error where the version has no section, or one without a line */
function assertChangelog() {
  const sections = fs.readFileSync("CHANGELOG.md", "utf8").split(/^## /m).slice(1);
  const section = sections.find((each) => each.startsWith(`${version}\n`));
  if (section === undefined || !section.includes("\n- "))
    throw new Error(`CHANGELOG.md says nothing about ${version}.`);
}

/** Builds and packs it twice: only the same bytes can be checked by somebody else. */
async function makeTwice(file, images) {
  const again = path.join(FOLDER, "again.vsix");
  for (const each of [file, again]) {
    execFileSync(process.execPath, ["esbuild.js"], { stdio: ["ignore", "ignore", "inherit"] });
    await makeVsix(each, images);
  }
  if (hashOf(file) !== hashOf(again)) throw new Error(`Two builds of ${file} differ; see ${again}.`);
  fs.rmSync(again);
}

/** The components of the product, without what differs from run to run. */
function makeComponentList(file) {
  const made = execFileSync(
    "npm",
    ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"],
    { encoding: "utf8", shell: process.platform === "win32" },
  );
  const list = JSON.parse(made);
  delete list.serialNumber;
  list.metadata.timestamp = new Date(Number(packageEpoch()) * 1000).toISOString();
  list.metadata.component.name = name;
  fs.writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
}

async function main(images) {
  if (images !== undefined && !/^https:\/\//.test(images))
    throw new Error(`“${images}” is no https:// address of the repository's files.`);
  assertChangelog();
  fs.rmSync(FOLDER, { recursive: true, force: true });
  fs.mkdirSync(FOLDER);
  const base = path.join(FOLDER, `${name}-${version}`);
  await makeTwice(`${base}.vsix`, images);
  makeComponentList(`${base}.sbom.json`);
  const files = [`${base}.vsix`, `${base}.sbom.json`];
  const sums = files.map((file) => `${hashOf(file)}  ${path.basename(file)}\n`).join("");
  fs.writeFileSync(path.join(FOLDER, "SHA256SUMS"), sums);
  console.log(sums.trimEnd());
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
