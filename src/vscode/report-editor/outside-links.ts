import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";

/*
 * Links of a report that lead out of the folder that it belongs to, by their own path or by a link on the disk. A
 * report may come from anybody, and a name says little about where it leads. Knows no VS Code.
 */

/** Links on the disk that are followed in a row. */
const HOPS = 40;

/** The folder that a report belongs to which lies in no workspace: the one that `data/reports` is in, else its own. */
export function reportHomeFolder(report: string): string {
  const folder = path.dirname(report);
  const isKept = path.basename(folder) === "reports" && path.basename(path.dirname(folder)) === "data";
  return isKept ? path.resolve(folder, "../..") : folder;
}

/**
 * Where a relative link leads, if that is outside of all folders that it may lead to.
 * @param href as it stands in the report; addresses with a scheme and places in the report are not looked at
 * @returns the whole path, or null for a link that stays inside
 */
export function findOutsideTarget(href: string, report: string, roots: readonly string[]): string | null {
  const relative = href.split(/[?#]/, 1)[0] ?? "";
  if (relative === "" || /^[a-z][a-z0-9+.-]*:/i.test(relative)) return null;
  // VS Code takes escapes out of a link, in some places twice.
  const once = decoded(relative);
  for (const each of new Set([relative, once, decoded(once)])) {
    const target = path.resolve(path.dirname(report), each);
    const out = resolveOutside(target, roots);
    if (out !== null) return out;
  }
  return null;
}

/** Where an absolute path leads, if that is outside of all these folders; null where it stays inside. */
export function resolveOutside(target: string, roots: readonly string[]): string | null {
  // A share of another machine is not even looked at.
  if (!roots.some((root) => isWithin(target, root))) return target;
  const real = realOf(target);
  return roots.some((root) => isWithin(real, realOf(root))) ? null : real;
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

/** A path with all links on the disk followed, also where what it names is not there. */
function realOf(target: string): string {
  let at = target;
  for (let hops = 0; hops < HOPS; hops++) {
    try {
      return realpathSync.native(at);
    } catch {
      const to = linkAt(at);
      if (to === null)
        return at === path.dirname(at) ? at : path.join(realOf(path.dirname(at)), path.basename(at));
      at = path.resolve(path.dirname(at), to);
    }
  }
  // A ring of links leads nowhere that is inside.
  return path.parse(target).root;
}

/** Where a link on the disk leads; null where there is none. */
function linkAt(file: string): string | null {
  try {
    return lstatSync(file).isSymbolicLink() ? readlinkSync(file) : null;
  } catch {
    return null;
  }
}
