import { realpath } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { parseJson } from "../../common/parse-json.js";
import { readLockFile, relativeBelow } from "./installed-package.js";

/* Yarn's Plug'n'Play: a file that says where each package lies, mostly in a zip archive. It is parsed, never run. */

const Reference = z.string().nullable();
const Known = z.object({
  packageLocation: z.string(),
  packageDependencies: z
    .array(z.tuple([z.string(), z.union([Reference, z.tuple([z.string(), z.string()])])]))
    .catch([]),
});
const State = z.object({
  packageRegistryData: z.array(z.tuple([Reference, z.array(z.tuple([Reference, Known]))])),
});
type KnownPackage = z.infer<typeof Known>;

/** Where a package lies: in a folder, or in a folder of a zip archive. */
interface PnpLocation {
  /** Absolute, with links resolved where it is there. */
  path: string;
  /** The folder in the archive, with forward slashes and one at its end; null: `path` is a folder. */
  inArchive: string | null;
}

export interface PnpMap {
  /**
   * Finds what a folder gets by a name.
   * @param from the folder that depends on it, absolute
   * @returns null where nothing of that name is installed, or it lies where no package may lie
   */
  find(from: string, name: string): Promise<PnpLocation | null>;
}

/**
 * Reads what Yarn wrote at the root of a workspace.
 * @param cache the folder in which the user's own Yarn keeps archives; archives elsewhere out of the workspace are not read
 * @returns null where there is no such file; "unreadable" where it says something else than Yarn does
 */
export async function readPnpMap(root: string, cache: string): Promise<PnpMap | "unreadable" | null> {
  const data = await readLockFile(path.join(root, ".pnp.data.json"));
  const script = data === null ? await readLockFile(path.join(root, ".pnp.cjs")) : null;
  const text = data ?? (script === null ? null : stateInScript(script));
  if (text === null) return script === null ? null : "unreadable";
  const state = State.safeParse(parseJson(text)).data;
  return state === undefined ? "unreadable" : openMap(root, cache, state);
}

function openMap(root: string, cache: string, { packageRegistryData }: z.infer<typeof State>): PnpMap {
  const byName = new Map<string, Map<string, KnownPackage>>();
  const byFolder = new Map<string, KnownPackage>();
  for (const [name, versions] of packageRegistryData) {
    for (const [reference, known] of versions) {
      if (name === null || reference === null) byFolder.set(root, known);
      else {
        const all = byName.get(name) ?? new Map<string, KnownPackage>();
        byName.set(name, all.set(reference, known));
        if (!byFolder.has(folderOf(root, known))) byFolder.set(folderOf(root, known), known);
      }
    }
  }
  const referenceOf = (folder: string, name: string): { name: string; reference: string } | null => {
    const [, found = null] =
      byFolder.get(folder)?.packageDependencies.find(([dependency]) => dependency === name) ?? [];
    if (found === null) return null;
    return typeof found === "string" ? { name, reference: found } : { name: found[0], reference: found[1] };
  };
  return {
    async find(from, name) {
      const wanted = referenceOf(from, name) ?? referenceOf(root, name);
      // What nobody asked for by that name may be there because of another package.
      const known =
        wanted === null
          ? [...(byName.get(name)?.values() ?? [])][0]
          : byName.get(wanted.name)?.get(wanted.reference);
      return known === undefined ? null : locate(root, cache, folderOf(root, known));
    },
  };
}

function folderOf(root: string, { packageLocation }: KnownPackage): string {
  return resolveVirtual(path.resolve(root, packageLocation));
}

/** A package with peers has an address of its own: ".yarn/__virtual__/HASH/LEVELS-UP/cache/…". */
function resolveVirtual(place: string): string {
  const parts = place.split(path.sep);
  const at = parts.findIndex((part) => part === "__virtual__" || part === "$$virtual");
  const levels = Number(parts[at + 2]);
  if (at < 0 || !Number.isInteger(levels) || levels < 0 || levels > 100) return place;
  const above = parts.slice(0, at).join(path.sep) || path.sep;
  return path.join(above, ...Array<string>(levels).fill(".."), ...parts.slice(at + 3));
}

async function locate(root: string, cache: string, place: string): Promise<PnpLocation | null> {
  const parts = place.split(path.sep);
  const at = parts.findIndex((part) => part.endsWith(".zip"));
  if (at < 0) return { path: place, inArchive: null };
  const archive = await realpath(parts.slice(0, at + 1).join(path.sep)).catch(() => null);
  const home = await realpath(cache).catch(() => cache);
  const isOwn =
    archive !== null && (relativeBelow(root, archive) !== null || relativeBelow(home, archive) !== null);
  return isOwn ? { path: archive, inArchive: `${parts.slice(at + 1).join("/")}/` } : null;
}

/** The state in .pnp.cjs: a text in single quotes whose lines end in a backslash. Null where there is none. */
function stateInScript(script: string): string | null {
  const start = script.indexOf("RAW_RUNTIME_STATE =");
  const open = start < 0 ? -1 : script.indexOf("'", start);
  const close = open < 0 ? -1 : script.indexOf("';", open);
  if (close < 0) return null;
  return script
    .slice(open + 1, close)
    .replace(/\\(\r?\n|['\\])/g, (_, escaped: string) => (escaped.endsWith("\n") ? "" : escaped));
}
