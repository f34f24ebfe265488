import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";

/*
 * Finds links that leave a report's folder, by their path or through a symbolic link. Reports are untrusted,
 * and a file name does not show where it leads. Does not depend on VS Code.
 */

/** Maximum number of symbolic links to follow in a row. */
const HOPS = 40;

/** The folder of a report outside any workspace: the parent of `data/reports`, or the report's own. */
export function reportHomeFolder(report: string): string {
  const folder = path.dirname(report);
  const isKept = path.basename(folder) === "reports" && path.basename(path.dirname(folder)) === "data";
  return isKept ? path.resolve(folder, "../..") : folder;
}

/**
 * The target of a relative link, if it is outside all allowed folders.
 * @param href as written in the report; addresses with a scheme and fragments are ignored
 * @returns the full path, or null for a link that stays inside
 */
export function findOutsideTarget(href: string, report: string, roots: readonly string[]): string | null {
  const relative = href.split(/[?#]/, 1)[0] ?? "";
  if (relative === "" || /^[a-z][a-z0-9+.-]*:/i.test(relative)) return null;
  // VS Code decodes escapes in links, in some places twice.
  const once = decoded(relative);
  for (const each of new Set([relative, once, decoded(once)])) {
    const target = path.resolve(path.dirname(report), each);
    const out = resolveOutside(target, roots);
    if (out !== null) return out;
  }
  return null;
}

/** The target of an absolute path, if it is outside all these folders; null if it is inside. */
export function resolveOutside(target: string, roots: readonly string[]): string | null {
  // Do not even access network shares.
  if (!roots.some((root) => isWithin(target, root))) return target;
  const real = resolveLinks(target);
  return roots.some((root) => isWithin(real, resolveLinks(root))) ? null : real;
}

function isWithin(target: string, folder: string): boolean {
  const inside = path.relative(folder, target);
  return inside !== ".." && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Resolves all symbolic links in a path, even if the path itself does not exist. */
function resolveLinks(target: string): string {
  let at = target;
  for (let hops = 0; hops < HOPS; hops++) {
    try {
      return realpathSync.native(at);
    } catch {
      const to = linkTarget(at);
      if (to === null)
        return at === path.dirname(at) ? at : path.join(resolveLinks(path.dirname(at)), path.basename(at));
      at = path.resolve(path.dirname(at), to);
    }
  }
  // A cycle of links is not inside any folder.
  return path.parse(target).root;
}

/** The target of a symbolic link; null if the path is not one. */
function linkTarget(file: string): string | null {
  try {
    return lstatSync(file).isSymbolicLink() ? readlinkSync(file) : null;
  } catch {
    return null;
  }
}
