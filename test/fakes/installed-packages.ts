/* What package managers leave on the disk, as far as it is read. */

/** The hash of a lock file. */
export const INTEGRITY = `sha512-${"A".repeat(86)}==`;

/** A package of npm, below a folder of the workspace. */
export function npmPackage(
  name: string,
  version: string,
  {
    under = "",
    about = "",
    files = {},
  }: { under?: string; about?: string; files?: Record<string, string> } = {},
): Record<string, string> {
  const folder = `${under}node_modules/${name}`;
  const all = { "package.json": JSON.stringify({ name, version, description: about }), ...files };
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`${folder}/${file}`, text]));
}

/** A package.json that depends on these, and the lock file of npm. */
export function npmManifest(versions: Record<string, string>): Record<string, string> {
  const packages: Record<string, unknown> = {};
  for (const [name, version] of Object.entries(versions))
    packages[`node_modules/${name}`] = { version, integrity: INTEGRITY };
  const ranges = Object.fromEntries(Object.keys(versions).map((name) => [name, "*"]));
  return {
    "package.json": JSON.stringify({ name: "workspace", dependencies: ranges }),
    "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages }),
  };
}

/** A distribution of Python in the environment of the workspace. */
export function pythonPackage(
  name: string,
  version: string,
  readme: string,
  files: Record<string, string> = {},
): Record<string, string> {
  const info = `${name}-${version}.dist-info`;
  const record = [
    `${info}/METADATA,sha256=abc,10`,
    ...Object.keys(files).map((file) => `${file},sha256=def,10`),
  ];
  const metadata =
    `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nSummary: A package about harbours\n` +
    `Description-Content-Type: text/markdown\n\n${readme}`;
  const all = { [`${info}/METADATA`]: metadata, [`${info}/RECORD`]: `${record.join("\n")}\n`, ...files };
  const folder = ".venv/lib/python3.12/site-packages";
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`${folder}/${file}`, text]));
}
