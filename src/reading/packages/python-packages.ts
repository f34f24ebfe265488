import path from "node:path";
import {
  isVersion,
  listNames,
  readLockFile,
  readManifest,
  realFolder,
  relativeBelow,
  type InstalledPackage,
} from "./installed-package.js";

/* Packages of Python, as they stand in the site-packages of an environment. Nothing of them is run. */

const MAX_DISTRIBUTIONS = 2000;

/** As the registry of Python compares names. */
function normalizePythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The names that a requirements file or a pyproject.toml depends on, normalized; none if it cannot be read. */
export async function readPythonDependencies(manifest: string): Promise<string[]> {
  const text = await readManifest(manifest);
  if (text === null) return [];
  return manifest.endsWith(".toml") ? tomlDependencies(text) : text.split("\n").flatMap(requirementName);
}

function requirementName(line: string): string[] {
  const name = /^\s{0,20}([A-Za-z0-9](?:[A-Za-z0-9._-]{0,99}))/.exec(line.slice(0, 200))?.[1];
  return name === undefined ? [] : [normalizePythonName(name)];
}

/** The strings in lists of dependencies, and the keys of Poetry's tables. */
function tomlDependencies(text: string): string[] {
  const names: string[] = [];
  let table = "";
  let isList = false;
  for (const given of text.split("\n")) {
    const line = given.trim().slice(0, 2000);
    if (!isList && line.startsWith("[")) table = line;
    const isGroup = /optional-dependencies|dependency-groups/.test(table);
    const isOpened =
      /^(?:dependencies|requires) *= *\[/.test(line) || (isGroup && /^[\w-]{1,80} *= *\[/.test(line));
    if (isOpened) isList = true;
    if (isList)
      for (const [, text = ""] of line.matchAll(/["']([^"']{1,200})["']/g))
        names.push(...requirementName(text));
    if (isList && line.endsWith("]")) isList = false;
    const isPoetry = /^\[tool\.poetry\.(?:group\.[\w-]{1,80}\.)?(?:dev-)?dependencies\]/.test(table);
    if (isPoetry && !isOpened && /^[\w.-]{1,100} *=/.test(line)) names.push(...requirementName(line));
  }
  return names.filter((name) => name !== "python");
}

/**
 * The packages of the environments of a workspace.
 * @param root the workspace, absolute, with links resolved
 * @param active the folder of an environment that is active, from the user's own settings; null for none
 */
export async function listPythonPackages(root: string, active: string | null): Promise<InstalledPackage[]> {
  const environments = [".venv", "venv", "env"].map((name) => path.join(root, name));
  const found: InstalledPackage[] = [];
  for (const environment of [...environments, ...(active === null ? [] : [active])]) {
    for (const folder of await sitePackages(environment)) {
      const names = (await listNames(folder)).filter((name) => name.endsWith(".dist-info"));
      for (const name of names.slice(0, MAX_DISTRIBUTIONS)) {
        const one = await describeDistribution(root, folder, name);
        if (one !== null && !found.some((each) => each.name === one.name)) found.push(one);
      }
    }
  }
  return found;
}

async function sitePackages(environment: string): Promise<string[]> {
  const versions = (await listNames(path.join(environment, "lib"))).filter((name) => /^python\d/.test(name));
  const places = [
    ...versions.map((version) => path.join(environment, "lib", version, "site-packages")),
    path.join(environment, "Lib", "site-packages"),
  ];
  const folders = await Promise.all(places.map(realFolder));
  return folders.filter((folder) => folder !== null && path.basename(folder) === "site-packages").map(String);
}

async function describeDistribution(
  root: string,
  folder: string,
  info: string,
): Promise<InstalledPackage | null> {
  const [, name = "", version = ""] = /^([A-Za-z0-9._]{1,100})-([^-]{1,100})\.dist-info$/.exec(info) ?? [];
  if (name === "" || !isVersion(version)) return null;
  const record = await readLockFile(path.join(folder, info, "RECORD"));
  if (record === null) return null;
  const hashes = new Map<string, string | null>();
  for (const line of record.split("\n")) {
    // A name with a comma is quoted, and no file of documentation has one.
    const [file = "", hash = ""] = line.split(",");
    if (file !== "" && !file.startsWith("/") && !file.split("/").includes(".."))
      hashes.set(file, hash === "" ? null : hash);
  }
  const metadata = (await readManifest(path.join(folder, info, "METADATA"))) ?? "";
  return {
    ecosystem: "python",
    name: normalizePythonName(name),
    version,
    folder,
    inside: relativeBelow(root, folder),
    files: [...hashes.keys()],
    integrity: (file) => hashes.get(file) ?? null,
    about: /^(?:Summary|Keywords): (.{0,1000})$/m.exec(metadata)?.[1] ?? "",
  };
}
