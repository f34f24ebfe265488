import type { PackageLocation } from "../domain/schema.js";

/**
 * Where a file of a package can be seen by a reader who has not installed it. Only shown, never fetched.
 * @returns an https address
 */
export function packageUrl({
  ecosystem,
  name,
  version,
  path,
}: Pick<PackageLocation, "ecosystem" | "name" | "version" | "path">): string {
  const encode = (text: string): string =>
    text.split("/").map(encodeURIComponent).join("/").replaceAll("%40", "@");
  switch (ecosystem) {
    case "npm":
      return `https://unpkg.com/${encode(name)}@${encode(version)}/${encode(path)}`;
    case "python":
      return `https://pypi.org/project/${encode(name)}/${encode(version)}/`;
    case "cargo":
      return `https://docs.rs/crate/${encode(name)}/${encode(version)}/source/${encode(path)}`;
    case "go":
      return `https://pkg.go.dev/${encode(name)}@${encode(version)}`;
  }
}
