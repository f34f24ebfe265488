import { hasInvisibleCharacters } from "../../common/invisible-characters.js";

/*
 * The paths that a backup or archive may contain. The same rules apply to packing and to untrusted zips, so that
 * everything that is packed can be restored.
 */

/** Our ids in Unicode's composed form; one from outside must match before it becomes a path. */
const SESSION_ID = /^[0-9a-z][\p{L}\p{M}\p{N}-]{0,99}$/u;
/** Bytes of UTF-8; names of files have at most 255, with what is added to them. */
const SESSION_ID_BYTES = 200;

/** The folder of archived sessions in the sessions folder. It is not a valid session id. */
export const ARCHIVE_FOLDER = "archive";
export const MANIFEST_PATH = "manifest.json";
export const SETTINGS_PATH = "settings/deep-research.yaml";

/** The meaning of a path in a zip. `names` are the path components below the session's or reports' folder. */
export type BackupPath =
  | { kind: "session"; id: string; names: string[] }
  | { kind: "archived"; id: string; names: [string] }
  | { kind: "report"; names: string[] }
  | { kind: "settings" };

/** Files that a restore kept aside are user data and packed like the originals. */
const RESTORE_COPY = /\.before-restore(-\d{1,4})?$/;
const SESSION_FILE = /^[A-Za-z0-9][\w.-]*\.(jsonl|json|md)$/;
/** Names that Windows maps to a device, shortens or rejects; a zip must mean the same everywhere. */
const UNSAFE_NAME =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\\/:*?"<>|]|^[.\s]|[.\s]$|^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\.|$)/iu;
/** Temporary files of interrupted atomic writes: a name and a UUID. */
const HALF_WRITTEN = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NAME_LENGTH = 200;
/** Maximum depth of folders with reports below the reports folder. */
export const REPORT_FOLDERS = 8;

/** True for a name that is ambiguous on some system or contains invisible characters. */
function isUnsafe(name: string): boolean {
  return UNSAFE_NAME.test(name) || hasInvisibleCharacters(name);
}

/** Parses the path of a zip entry; null if such paths are neither written nor accepted. */
export function parseBackupPath(path: string): BackupPath | null {
  if (path === SETTINGS_PATH) return { kind: "settings" };
  const [rootFolder, ...names] = path.split("/");
  if (names.some((name) => name.length > NAME_LENGTH || name === "" || isUnsafe(name))) return null;
  const last = names.at(-1)?.replace(RESTORE_COPY, "") ?? "";
  if (rootFolder === "reports") {
    const fits = names.length <= REPORT_FOLDERS + 1 && last.length > 3 && last.endsWith(".md");
    return fits ? { kind: "report", names } : null;
  }
  const [id = "", ...inner] = names;
  if (rootFolder !== "sessions" || inner.length === 0) return null;
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

/** True for a file that a restore kept aside. */
export function isRestoreCopy(name: string): boolean {
  return RESTORE_COPY.test(name);
}

/** True for a name that can be a session's folder. */
export function isSessionId(name: string): boolean {
  if (name.length > NAME_LENGTH || name === ARCHIVE_FOLDER || isUnsafe(name)) return false;
  // Some file systems decompose the letters of names.
  const composed = name.normalize("NFC");
  const isLower = composed === composed.toLowerCase();
  return isLower && SESSION_ID.test(composed) && Buffer.byteLength(composed) <= SESSION_ID_BYTES;
}

/** True for files that matter only during a run: locks, caches, incomplete files, system files. */
export function isTransientFile(names: string[]): boolean {
  return names.some(
    (name) =>
      /^lock(\.|$)|\.lock$|^\.?cache$|\.\d+$|\.part-[0-9a-f]+$|^\.DS_Store$|^Thumbs\.db$/.test(name) ||
      HALF_WRITTEN.test(name),
  );
}

/** Normalizes a path, so that paths that some file system treats as equal are equal. */
export function normalizeName(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase();
}

/** The start time of a session, from its id. */
export function startTimeOfSession(id: string): string {
  const [, day, time] = /^(\d{8})-(\d{6})/.exec(id) ?? [];
  if (day === undefined || time === undefined) return new Date(0).toISOString();
  const [y, m, d] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  return `${y}-${m}-${d}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z`;
}
