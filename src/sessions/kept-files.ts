import { open, readdir } from "node:fs/promises";
import path from "node:path";
import { ARCHIVE, isAside, isPassing, isSessionId, keptAt, REPORT_FOLDERS } from "./kept-names.js";
import type { ToPack } from "./pack.js";

/** What a walk finds: files to pack, and in `others` what is left where it is. */
export interface Walk {
  files: AsyncGenerator<ToPack>;
  /** Paths of what is neither packed nor merely passing; whole when `files` has come to its end. */
  others: string[];
}

/**
 * The files of one session. The journal comes first: what it tells of was there before, so a session
 * that runs meanwhile has every snapshot that its packed journal knows.
 */
export function sessionFiles(folder: string, id: string): Walk {
  const others: string[] = [];
  return { files: below(folder, [], (names) => `sessions/${id}/${names.join("/")}`, 2, others), others };
}

/** The files of all sessions, archived ones too. */
export function allSessions(sessions: string): Walk {
  const others: string[] = [];
  async function* files(): AsyncGenerator<ToPack> {
    for (const name of await namesIn(sessions)) {
      if (isAside(name)) others.push(path.join(sessions, name));
      if (!isSessionId(name)) continue;
      const walk = sessionFiles(path.join(sessions, name), name);
      yield* walk.files;
      others.push(...walk.others);
    }
    const archive = path.join(sessions, ARCHIVE);
    yield* below(archive, [], (names) => `sessions/${ARCHIVE}/${names.join("/")}`, 1, others);
  }
  return { files: files(), others };
}

/**
 * The reports below a folder: Markdown that names its session. Nothing else that may live there is
 * touched, and neither `except` nor hidden folders nor links are entered.
 */
export function allReports(reports: string, except: string): Walk {
  const others: string[] = [];
  async function* files(): AsyncGenerator<ToPack> {
    const left: string[] = [];
    const pathOf = (names: string[]): string => `reports/${names.join("/")}`;
    const found = below(reports, [], pathOf, REPORT_FOLDERS + 1, left, except);
    for await (const each of found) if (await isReport(each.file)) yield each;
    others.push(...left.filter((file) => file.endsWith(".md")));
  }
  return { files: files(), others };
}

async function* below(
  root: string,
  names: string[],
  pathOf: (names: string[]) => string,
  depth: number,
  others: string[],
  except = "",
): AsyncGenerator<ToPack> {
  const folder = path.join(root, ...names);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()) || (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = [...names, entry.name];
    const file = path.join(folder, entry.name);
    if (isPassing(inner) || file === except) continue;
    if (entry.isFile() && keptAt(pathOf(inner)) !== null) yield { file, path: pathOf(inner) };
    else if (entry.isDirectory() && depth > 1 && !/^\.|^node_modules$/.test(entry.name)) {
      yield* below(root, inner, pathOf, depth - 1, others, except);
    } else others.push(file);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** A report's first lines name the session it came from. */
async function isReport(file: string): Promise<boolean> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return false;
  try {
    const buffer = Buffer.alloc(8 * 1024);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return /^\uFEFF?---\r?\n[^]*?^session: /m.test(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await handle.close();
  }
}
