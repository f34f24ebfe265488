import path from "node:path";
import {
  isVersion,
  readLockFile,
  readManifest,
  realFolder,
  relativeBelow,
  type InstalledPackage,
} from "./installed-package.js";

/* Modules of Go that are vendored or in the module cache, at the versions of go.mod. Nothing of them is built. */

const NAME = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,100}(?:\/[A-Za-z0-9._~-]{1,100}){0,20}$/;

interface Requirement {
  name: string;
  version: string;
  isDirect: boolean;
}

/** The modules that a go.mod requires; none if it cannot be read. */
export async function readGoRequirements(manifest: string): Promise<Requirement[]> {
  let isBlock = false;
  return ((await readManifest(manifest)) ?? "").split("\n").flatMap((given) => {
    const line = given.trim().slice(0, 500);
    if (/^require \($/.test(line)) isBlock = true;
    else if (line === ")") isBlock = false;
    const text = isBlock ? line : /^require (.+)$/.exec(line)?.[1];
    const [name = "", version = ""] = text?.split(/\s+/) ?? [];
    if (!NAME.test(name) || name.split("/").includes("..") || !isVersion(version)) return [];
    return [{ name, version, isDirect: !line.endsWith("// indirect") }];
  });
}

/**
 * The modules of a go.mod that are on this machine.
 * @param root the workspace, absolute, with links resolved
 * @param from the folder with the go.mod, absolute
 * @param cache the module cache, from the user's own settings
 */
export async function listGoPackages(root: string, from: string, cache: string): Promise<InstalledPackage[]> {
  const sums = new Map<string, string>();
  for (const line of ((await readLockFile(path.join(from, "go.sum"))) ?? "").split("\n")) {
    const [name = "", version = "", sum = ""] = line.split(" ");
    if (/^h1:[A-Za-z0-9+/=]{20,100}$/.test(sum)) sums.set(`${name}@${version}`, sum);
  }
  const found: InstalledPackage[] = [];
  for (const { name, version } of await readGoRequirements(path.join(from, "go.mod"))) {
    // Upper case is written so that a cache works where names ignore case.
    const escaped = `${name}@${version}`.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
    const folder =
      (await folderWithin(root, path.join(from, "vendor", ...name.split("/")))) ??
      (await folderWithin(cache, path.join(cache, ...escaped.split("/"))));
    if (folder === null) continue;
    found.push({
      ecosystem: "go",
      name,
      version,
      folder,
      inside: relativeBelow(root, folder),
      files: null,
      integrity: () => sums.get(`${name}@${version}`) ?? null,
      about: "",
    });
  }
  return found;
}

/** The folder with links resolved; null if there is none, or a link leads out of `within`. */
async function folderWithin(within: string, place: string): Promise<string | null> {
  const [real, folder] = await Promise.all([realFolder(within), realFolder(place)]);
  return real === null || folder === null || relativeBelow(real, folder) === null ? null : folder;
}
