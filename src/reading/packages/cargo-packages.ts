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

/* Crates that Cargo has fetched, at the versions of Cargo.lock. Nothing of them is built. */

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The names in the tables of dependencies of a Cargo.toml. */
export async function readCargoDependencies(manifest: string): Promise<string[]> {
  const names: string[] = [];
  let isTable = false;
  for (const given of ((await readManifest(manifest)) ?? "").split("\n")) {
    const line = given.trim().slice(0, 300);
    const own = /^\[(?:[^\]]{0,100}\.)?(?:dev-|build-)?dependencies\.([\w-]{1,64})\]/.exec(line)?.[1];
    if (own !== undefined) names.push(own);
    if (line.startsWith("[")) isTable = /^\[(?:[^\]]{0,100}\.)?(?:dev-|build-)?dependencies\]/.test(line);
    else if (isTable) names.push(...(/^([\w-]{1,64})(?:\.\w+)? *=/.exec(line)?.slice(1, 2) ?? []));
  }
  return names.filter((name) => NAME.test(name));
}

/**
 * The crates of a Cargo.lock that are on this machine, vendored ones first.
 * @param root the workspace, absolute, with links resolved
 * @param from the folder with the Cargo.lock, absolute
 * @param home the folder of Cargo, from the user's own settings
 */
export async function listCargoPackages(
  root: string,
  from: string,
  home: string,
): Promise<InstalledPackage[]> {
  const lock = (await readLockFile(path.join(from, "Cargo.lock"))) ?? "";
  const registry = path.join(home, "registry", "src");
  const sources = (await listNames(registry)).map((name) => path.join(registry, name));
  const found: InstalledPackage[] = [];
  for (const block of lock.split("[[package]]").slice(1)) {
    const field = (name: string): string =>
      new RegExp(`^${name} = "([^"]{1,200})"$`, "m").exec(block.slice(0, 2000))?.[1] ?? "";
    const [name, version, checksum] = [field("name"), field("version"), field("checksum")];
    if (!NAME.test(name) || !isVersion(version) || field("source") === "") continue;
    const vendored = [name, `${name}-${version}`].map((each) => path.join(from, "vendor", each));
    const fetched = sources.map((source) => path.join(source, `${name}-${version}`));
    const folder =
      (await firstWithVersion(root, vendored, version)) ??
      (await firstWithVersion(registry, fetched, version));
    if (folder === null) continue;
    const manifest = (await readManifest(path.join(folder, "Cargo.toml"))) ?? "";
    found.push({
      ecosystem: "cargo",
      name,
      version,
      folder,
      inside: relativeBelow(root, folder),
      files: null,
      integrity: () => (/^[0-9a-f]{64}$/.test(checksum) ? `sha256:${checksum}` : null),
      about: /^description = "([^"]{1,1000})"/m.exec(manifest)?.[1] ?? "",
    });
  }
  return found;
}

/** @param within a link that leads out of this folder is not followed */
async function firstWithVersion(within: string, places: string[], version: string): Promise<string | null> {
  const real = await realFolder(within);
  for (const place of places) {
    const folder = await realFolder(place);
    if (folder === null || real === null || relativeBelow(real, folder) === null) continue;
    const manifest = (await readManifest(path.join(folder, "Cargo.toml"))) ?? "";
    if (/^version = "([^"]{1,100})"/m.exec(manifest)?.[1] === version) return folder;
  }
  return null;
}
