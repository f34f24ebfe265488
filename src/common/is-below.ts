import path from "node:path";

/** True if `inner` is below `outer`, by name only. */
export function isBelow(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return (
    relative !== "" &&
    relative !== ".." &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}
