import { realpath } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { msg, type Message } from "../../common/messages.js";
import { FileRefusedError, readRegularFile } from "../../common/read-file.js";
import { ResearchError } from "../../common/errors.js";
import { ReplacedSourceError } from "../../core/domain/replaced-source.js";
import type { Reading } from "../../core/domain/reading.js";
import type { PackageLocation } from "../../core/domain/schema.js";
import { extractFileText } from "../documents/extract-file-text.js";
import { listCargoPackages, readCargoDependencies } from "./cargo-packages.js";
import { listGoPackages, readGoRequirements } from "./go-packages.js";
import { relativeBelow, type InstalledPackage, type PackageArchive } from "./installed-package.js";
import {
  findNpmPackage,
  findPnpPackage,
  isNpmName,
  readNpmDependencies,
  readNpmIntegrity,
} from "./npm-packages.js";
import { listPythonPackages, readPythonDependencies } from "./python-packages.js";
import { isPackageDocument } from "./package-files.js";
import { readPnpMap } from "./yarn-pnp.js";

/** What a workspace depends on, as it is installed. */
export interface InstalledPackages {
  direct: InstalledPackage[];
  /** Installed packages that others depend on, as far as they can be listed without a name. */
  others: InstalledPackage[];
  /** What could not be read of how packages are installed; null: all could. */
  problem: Message | null;
}

export interface PackageReader {
  /** What the workspace depends on. Listed once, then kept. */
  list(signal: AbortSignal): Promise<InstalledPackages>;
  /** A package of npm that is installed without being named in a manifest; null if it is not there. */
  findByName(name: string, signal: AbortSignal): Promise<InstalledPackage | null>;
  /** The place of a file of a package. */
  locate(found: InstalledPackage, file: string): PackageLocation;
  /**
   * Reads a file of an installed package.
   * @throws ResearchError "unreadable" if that version is not installed, or the file is no document of it
   */
  read(place: PackageLocation, signal: AbortSignal): Promise<Reading>;
  /** The versions of a package that are installed. */
  versions(place: Pick<PackageLocation, "ecosystem" | "name">, signal: AbortSignal): Promise<string[]>;
}

/** Where the user's own environment has packages besides the workspace. */
export interface PackageFolders {
  /** The active environment of Python; null for none. */
  python: string | null;
  cargo: string;
  go: string;
  /** Where Yarn keeps archives for all workspaces. */
  yarn: string;
}

const MAX_FILE_BYTES = 1024 * 1024;
/** Manifests that are looked at: those nearest to the root. */
const MAX_MANIFESTS = 60;
const MANIFEST =
  /(?:^|\/)(?:package\.json|pyproject\.toml|requirements[\w.-]{0,40}\.txt|Cargo\.toml|go\.mod)$/;

/** The folders of the user's environment. Never from a workspace. */
function packageFolders(env: NodeJS.ProcessEnv = process.env): PackageFolders {
  const home = os.homedir();
  return {
    python: env["VIRTUAL_ENV"] ?? null,
    cargo: env["CARGO_HOME"] ?? path.join(home, ".cargo"),
    go:
      env["GOMODCACHE"] ??
      path.join((env["GOPATH"] ?? path.join(home, "go")).split(path.delimiter)[0] ?? "", "pkg", "mod"),
    yarn: path.join(
      env["YARN_GLOBAL_FOLDER"] ??
        (process.platform === "win32"
          ? path.join(env["LOCALAPPDATA"] ?? home, "Yarn", "Berry")
          : path.join(home, ".yarn", "berry")),
      "cache",
    ),
  };
}

/**
 * Opens what a workspace has installed. It is read on demand; nothing of it is run, and nothing is sent.
 * @param listFiles the files of the workspace, for its manifests
 */
export function createPackageReader(
  workspace: string,
  listFiles: (signal: AbortSignal) => Promise<{ path: string }[]>,
  folders: PackageFolders = packageFolders(),
): PackageReader {
  let root: Promise<string> | null = null;
  let listed: Promise<InstalledPackages> | null = null;
  let integrity: ReturnType<typeof readNpmIntegrity> | null = null;
  const realRoot = (): Promise<string> => (root ??= realpath(workspace).catch(() => path.resolve(workspace)));
  let pnp: ReturnType<typeof readPnpMap> | null = null;
  const pnpMap = async () => (pnp ??= readPnpMap(await realRoot(), folders.yarn));
  const npmIntegrity = async () => (integrity ??= readNpmIntegrity(await realRoot()));

  const findNpm = async (from: string, name: string): Promise<InstalledPackage | null> => {
    const base = await realRoot();
    const map = await pnpMap();
    const found =
      (await findNpmPackage(base, from, name)) ??
      (map === null || map === "unreadable" ? null : await findPnpPackage(base, map, from, name));
    if (found === null) return null;
    const hash = (await npmIntegrity())(found.name, found.version);
    return { ...found, integrity: () => hash };
  };

  const list = (signal: AbortSignal): Promise<InstalledPackages> =>
    (listed ??= listAll(signal).catch((error: unknown) => {
      listed = null;
      throw error;
    }));

  const listAll = async (signal: AbortSignal): Promise<InstalledPackages> => {
    const base = await realRoot();
    const manifests = (await listFiles(signal))
      .map((file) => file.path)
      .filter((file) => MANIFEST.test(file))
      .sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1))
      .slice(0, MAX_MANIFESTS);
    const direct = new Map<string, InstalledPackage>();
    const others = new Map<string, InstalledPackage>();
    const add = (to: Map<string, InstalledPackage>, found: InstalledPackage): void => {
      const key = `${found.ecosystem} ${found.name}@${found.version}`;
      if (!to.has(key)) to.set(key, found);
    };
    const python = new Set<string>();
    for (const manifest of manifests) {
      signal.throwIfAborted();
      const file = path.join(base, manifest);
      const from = path.dirname(file);
      if (manifest.endsWith("package.json")) {
        for (const name of await readNpmDependencies(file)) {
          const found = await findNpm(from, name);
          if (found !== null) add(direct, found);
        }
      } else if (manifest.endsWith("Cargo.toml")) {
        const names = new Set(await readCargoDependencies(file));
        for (const each of await listCargoPackages(base, from, folders.cargo))
          add(names.has(each.name) ? direct : others, each);
      } else if (manifest.endsWith("go.mod")) {
        const required = await readGoRequirements(file);
        const names = new Set(required.filter(({ isDirect }) => isDirect).map(({ name }) => name));
        for (const each of await listGoPackages(base, from, folders.go))
          add(names.has(each.name) ? direct : others, each);
      } else for (const name of await readPythonDependencies(file)) python.add(name);
    }
    for (const each of await listPythonPackages(base, folders.python))
      add(python.has(each.name) ? direct : others, each);
    const problem =
      (await pnpMap()) === "unreadable"
        ? msg`Packages that Yarn installed are not searched: ${".pnp.cjs"} has another form than Yarn writes.`
        : null;
    return { direct: [...direct.values()], others: [...others.values()], problem };
  };

  const findByName = async (name: string, signal: AbortSignal): Promise<InstalledPackage | null> => {
    signal.throwIfAborted();
    return isNpmName(name) ? findNpm(await realRoot(), name) : null;
  };

  const findAll = async (
    { ecosystem, name }: Pick<PackageLocation, "ecosystem" | "name">,
    signal: AbortSignal,
  ): Promise<InstalledPackage[]> => {
    const { direct, others } = await list(signal);
    const found = [...direct, ...others].filter((each) => each.ecosystem === ecosystem && each.name === name);
    if (found.length > 0 || ecosystem !== "npm") return found;
    const one = await findByName(name, signal);
    return one === null ? [] : [one];
  };

  const locate: PackageReader["locate"] = ({ ecosystem, name, version, inside }, file) => {
    const place = inside === null ? null : `${inside}/${file}`;
    return { kind: "package", ecosystem, name, version, path: file, file: place };
  };

  return {
    list,
    findByName,
    locate,
    async read(place, signal) {
      const { name, version, path: file } = place;
      const installed = await findAll(place, signal);
      const found = installed.find((each) => each.version === version);
      if (found === undefined) {
        const [other] = installed;
        throw otherVersion(place, other === undefined ? null : locate(other, file));
      }
      if (!isPackageDocument(file, place.ecosystem) || found.files?.includes(file) === false)
        throw noDocument(place);
      const bytes =
        found.archive === undefined
          ? await readPackageFile(found.folder, file, place)
          : await readArchivedFile(found.archive, file, place);
      const text = extractPackageText(file, bytes);
      signal.throwIfAborted();
      if (text === null) throw noDocument(place);
      if (text.text.trim() === "")
        throw new ResearchError("empty-page", msg`${`${name}@${version} ${file}`} contains no text.`);
      const hash = found.integrity(file);
      return {
        ...text,
        title: text.title === file ? `${name}@${version} ${file}` : text.title,
        commit: null,
        ...(hash === null
          ? {}
          : {
              integrity: hash,
              warnings: [...text.warnings, `The installation is locked to the hash ${hash}.`],
            }),
      };
    },
    versions: async (place, signal) => (await findAll(place, signal)).map(({ version }) => version),
  };
}

async function readArchivedFile(
  archive: PackageArchive,
  file: string,
  place: PackageLocation,
): Promise<Uint8Array> {
  const bytes = await archive.read(file).catch(() => null);
  if (bytes === null) throw noDocument(place);
  return bytes;
}

/** Reads a file whose links lead nowhere else. */
async function readPackageFile(folder: string, file: string, place: PackageLocation): Promise<Uint8Array> {
  const real = await realpath(path.join(folder, file)).catch(() => null);
  if (real === null || relativeBelow(folder, real) === null) throw noDocument(place);
  try {
    return await readRegularFile(real, { maxBytes: MAX_FILE_BYTES, followLinks: false });
  } catch (error) {
    if (error instanceof FileRefusedError) throw noDocument(place);
    throw error;
  }
}

/** The text of a file of a package; null if it is no text or is made for machines. */
function extractPackageText(file: string, bytes: Uint8Array): ReturnType<typeof extractFileText> {
  if (isMinified(bytes)) return null;
  if (path.posix.basename(file) !== "METADATA") return extractFileText(file, bytes);
  const source = Buffer.from(bytes).toString("utf8").replaceAll("\r\n", "\n");
  const end = source.indexOf("\n\n");
  const head = end < 0 ? source : source.slice(0, end);
  const isMarkdown = /^Description-Content-Type: *text\/markdown/im.test(head);
  // Blank lines in place of the headers keep the numbers of the file's lines.
  const body = end < 0 ? "" : head.replace(/[^\n]+/g, "") + source.slice(end);
  const name = isMarkdown ? `${file}.md` : `${file}.rst`;
  const text = extractFileText(name, Buffer.from(body));
  return text === null ? null : { ...text, title: text.title === name ? file : text.title };
}

/** True for text whose lines no person wrote. */
function isMinified(bytes: Uint8Array): boolean {
  const lines = bytes.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
  return bytes.length > 20_000 && bytes.length / lines > 500;
}

function noDocument(place: PackageLocation): ResearchError {
  const error = new ResearchError(
    "unreadable",
    msg`${`${place.name}@${place.version} ${place.path}`} is no document of an installed package.`,
  );
  error.gone = true;
  return error;
}

function otherVersion({ name, version }: PackageLocation, installed: PackageLocation | null): ResearchError {
  if (installed !== null) {
    const what = msg`${name} ${version} is not installed: ${installed.version} is.`;
    return new ReplacedSourceError(what, installed);
  }
  const error = new ResearchError(
    "unreadable",
    msg`${name} is not installed.`,
    msg`Install it as its lock file says.`,
  );
  error.gone = true;
  return error;
}
