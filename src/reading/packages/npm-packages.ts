import path from "node:path";
import * as z from "zod";
import { parseJson } from "../../common/parse-json.js";
import {
  isVersion,
  readJsonManifest,
  readLockFile,
  realFolder,
  relativeBelow,
  type InstalledPackage,
} from "./installed-package.js";
import { openPackageArchive } from "./package-archive.js";
import { isPackageDocument } from "./package-files.js";
import type { PnpMap } from "./yarn-pnp.js";

/* Packages of npm, pnpm and Yarn, in folders named node_modules or in Yarn's archives. Nothing of them is run. */

const Names = z.record(z.string(), z.unknown()).catch({});
const Manifest = z.object({
  name: z.string().catch(""),
  dependencies: Names.default({}),
  devDependencies: Names.default({}),
  optionalDependencies: Names.default({}),
  peerDependencies: Names.default({}),
});
const Installed = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().catch(""),
  keywords: z.array(z.string()).catch([]),
});
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** The same as npm's own rule, so that a name is never a path that leads elsewhere. */
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]{0,100}\/)?[a-z0-9~-][a-z0-9._~-]{0,213}$/i;

/** True for a text that can be the name of a package of npm. */
export function isNpmName(name: string): boolean {
  return NAME.test(name);
}

/** The names that a package.json depends on, in its order; none if it cannot be read. */
export async function readNpmDependencies(manifest: string): Promise<string[]> {
  const found = await readJsonManifest(manifest, Manifest);
  if (found === null) return [];
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = found;
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
  return Object.keys(all).filter(isNpmName);
}

/**
 * Finds a package where Node would: in node_modules of a folder of the workspace, or of one above it.
 * @param root the workspace, absolute, with links resolved
 * @param from the folder that depends on it, absolute, in the workspace
 * @returns null if it is not installed, or if it is a part of the workspace that is linked into node_modules
 */
export async function findNpmPackage(
  root: string,
  from: string,
  name: string,
): Promise<Omit<InstalledPackage, "integrity"> | null> {
  if (!isNpmName(name)) return null;
  for (let at = from; ; at = path.dirname(at)) {
    const place = path.join(at, "node_modules", ...name.split("/"));
    const folder = await realFolder(place);
    if (folder !== null) return describeFolder(root, place, folder);
    if (at === root || relativeBelow(root, at) === null) return null;
  }
}

/**
 * Finds a package of Yarn where its Plug'n'Play has it.
 * @param from the folder that depends on it, absolute
 */
export async function findPnpPackage(
  root: string,
  map: PnpMap,
  from: string,
  name: string,
): Promise<Omit<InstalledPackage, "integrity"> | null> {
  const found = isNpmName(name) ? await map.find(from, name) : null;
  if (found === null) return null;
  if (found.inArchive === null) {
    const folder = await realFolder(found.path);
    return folder === null ? null : describeFolder(root, found.path, folder);
  }
  const isRead = (file: string): boolean => file === "package.json" || isPackageDocument(file, "npm");
  const archive = await openPackageArchive(found.path, found.inArchive, isRead);
  const manifest = await archive?.read("package.json").catch(() => null);
  const about = Installed.safeParse(parseJson(Buffer.from(manifest ?? []).toString("utf8"))).data;
  if (archive === null || about === undefined) return null;
  const described = describe(about);
  if (described === null) return null;
  const folder = path.join(found.path, found.inArchive);
  return { ...described, folder, inside: null, files: archive.files, archive };
}

async function describeFolder(
  root: string,
  place: string,
  folder: string,
): Promise<Omit<InstalledPackage, "integrity"> | null> {
  // A link may lead anywhere: only what is installed in a node_modules is a package, and not the user's own files.
  if (!folder.split(path.sep).includes("node_modules")) return null;
  const found = await readJsonManifest(path.join(folder, "package.json"), Installed);
  const described = found === null ? null : describe(found);
  if (described === null) return null;
  const isInside = relativeBelow(root, folder) !== null;
  return { ...described, folder, inside: isInside ? relativeBelow(root, place) : null, files: null };
}

/** What a manifest says of its package; null for names and versions that are none. */
function describe({
  name,
  version,
  description,
  keywords,
}: z.infer<typeof Installed>): Pick<InstalledPackage, "ecosystem" | "name" | "version" | "about"> | null {
  if (!isNpmName(name) || !isVersion(version)) return null;
  return { ecosystem: "npm", name, version, about: [description, ...keywords].join(" ").slice(0, 2000) };
}

/** The hashes of the packages of a workspace, by name and version. */
export async function readNpmIntegrity(
  root: string,
): Promise<(name: string, version: string) => string | null> {
  const known = new Map<string, string>();
  for (const file of ["node_modules/.package-lock.json", "package-lock.json"]) {
    const lock = Lock.safeParse(parseJson((await readLockFile(path.join(root, file))) ?? "")).data;
    for (const [place, { version, integrity }] of Object.entries(lock?.packages ?? {})) {
      const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      if (version !== undefined && integrity !== undefined && isIntegrity(integrity))
        known.set(`${name}@${version}`, integrity);
    }
    if (known.size > 0) return (name, version) => known.get(`${name}@${version}`) ?? null;
  }
  const pnpm = await readLockFile(path.join(root, "pnpm-lock.yaml"));
  if (pnpm !== null) readPnpmLock(pnpm, known);
  else readYarnLock((await readLockFile(path.join(root, "yarn.lock"))) ?? "", known);
  return (name, version) => known.get(`${name}@${version}`) ?? null;
}

function isIntegrity(text: string): boolean {
  return /^sha\d{1,3}-[A-Za-z0-9+/=]{20,200}$/.test(text);
}

/** "  zod@4.6.7:" or "  /zod@4.6.7(peer):", and below it "resolution: {integrity: sha512-…}". */
function readPnpmLock(text: string, known: Map<string, string>): void {
  let id = "";
  for (const line of text.split("\n")) {
    const key = /^ {2}['"]?\/?(@?[^\s'":(@]{1,214}@[^\s'":(]{1,100})/.exec(line.slice(0, 400))?.[1];
    if (key !== undefined) id = key;
    const integrity = /integrity: ([^\s,}]{1,220})/.exec(line.slice(0, 400))?.[1];
    if (integrity !== undefined && isIntegrity(integrity) && id !== "") known.set(id, integrity);
  }
}

/** `zod@^4.1:`, and below it `version "4.6.7"` and `integrity sha512-…`. */
function readYarnLock(text: string, known: Map<string, string>): void {
  let name = "";
  let version = "";
  for (const line of text.split("\n")) {
    const key = /^"?(@?[^\s"@]{1,214})@/.exec(line.slice(0, 400))?.[1];
    if (key !== undefined) [name, version] = [key, ""];
    version = /^ {2}version:? "?([^\s"]{1,100})/.exec(line.slice(0, 200))?.[1] ?? version;
    const integrity = /^ {2}integrity (\S{1,220})$/.exec(line.trimEnd().slice(0, 300))?.[1];
    if (integrity !== undefined && isIntegrity(integrity) && version !== "")
      known.set(`${name}@${version}`, integrity);
  }
}
