import { hasInvisibleCharacters } from "../../common/invisible-characters.js";

/*
 * What a backup or an archive may hold, by name. The same rules say what is packed and what is
 * accepted from a zip that somebody handed us, so that nothing is packed that could not come back.
 */

/** Ids are made by us; one that comes from outside must look so before it becomes a path. */
const SESSION_ID = /^[0-9a-z][0-9a-z-]{0,99}$/;

/** The folder, in the sessions' folder, that holds archived sessions. It is no session's id. */
export const ARCHIVE_FOLDER = "archive";
export const MANIFEST_PATH = "manifest.json";
export const SETTINGS_PATH = "settings/deep-research.yaml";

/** What a path inside a zip stands for. `names` are the folders and the file below the session's or reports' folder. */
export type BackupPath =
  | { kind: "session"; id: string; names: string[] }
  | { kind: "archived"; id: string; names: [string] }
  | { kind: "report"; names: string[] }
  | { kind: "settings" };

/** A file that was kept aside by a restore is the user's, so it is kept like the one it was. */
const ASIDE = /\.before-restore(-\d{1,4})?$/;
const SESSION_FILE = /^[A-Za-z0-9][\w.-]*\.(jsonl|json|md)$/;
/** Windows would open a device, drop the ending or refuse the name; a zip must mean the same everywhere. */
const UNSAFE_NAME =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\\/:*?"<>|]|^[.\s]|[.\s]$|^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\.|$)/iu;
/** What a kill leaves of a file that is written whole or not at all: its name and a UUID. */
const HALF_WRITTEN = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NAME_LENGTH = 200;
/** Folders below the reports' folder that may hold reports. */
export const REPORT_FOLDERS = 8;

/** True for a name that some system takes for another, or that is not what it looks like. */
function isUnsafe(name: string): boolean {
  return UNSAFE_NAME.test(name) || hasInvisibleCharacters(name);
}

/** What the path of a zip's entry stands for, or null where we neither write nor accept such a path. */
export function parseBackupPath(path: string): BackupPath | null {
  if (path === SETTINGS_PATH) return { kind: "settings" };
  const [room, ...names] = path.split("/");
  if (names.some((name) => name.length > NAME_LENGTH || name === "" || isUnsafe(name))) return null;
  const last = names.at(-1)?.replace(ASIDE, "") ?? "";
  if (room === "reports") {
    const fits = names.length <= REPORT_FOLDERS + 1 && last.length > 3 && last.endsWith(".md");
    return fits ? { kind: "report", names } : null;
  }
  const [id = "", ...inner] = names;
  if (room !== "sessions" || inner.length === 0) return null;
  if (id === ARCHIVE_FOLDER) {
    const [name = ""] = inner;
    const archived = /^(.+)\.(zip|json)$/.exec(name)?.[1];
    return inner.length === 1 && archived !== undefined && isSessionId(archived)
      ? { kind: "archived", id: archived, names: [name] }
      : null;
  }
  const folderFits = inner.length === 1 || (inner.length === 2 && /^[a-z][a-z0-9-]*$/.test(inner[0] ?? ""));
  const fits = isSessionId(id) && folderFits && SESSION_FILE.test(last) && !isTransientFile(inner);
  return fits ? { kind: "session", id, names: inner } : null;
}

/** True for what a restore put aside. */
export function isRestoreCopy(name: string): boolean {
  return ASIDE.test(name);
}

/** True for a name that can be a session's folder. */
export function isSessionId(name: string): boolean {
  return SESSION_ID.test(name) && name !== ARCHIVE_FOLDER && !isUnsafe(name);
}

/** True for what only matters while something runs: locks, caches, files half written, a system's droppings. */
export function isTransientFile(names: string[]): boolean {
  return names.some(
    (name) =>
      /^lock(\.|$)|\.lock$|^\.?cache$|\.\d+$|\.part-[0-9a-f]+$|^\.DS_Store$|^Thumbs\.db$/.test(name) ||
      HALF_WRITTEN.test(name),
  );
}

/** Two names that some file system takes for one. */
export function normalizeName(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase();
}

/** An id begins with the moment at which its session began. */
export function startTimeOfSession(id: string): string {
  const [, day, time] = /^(\d{8})-(\d{6})/.exec(id) ?? [];
  if (day === undefined || time === undefined) return new Date(0).toISOString();
  const [y, m, d] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  return `${y}-${m}-${d}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z`;
}
