// Packs the extension from dist/ and media/. The same commit gives the same bytes.
//   node test/package/make-vsix.mjs [FILE]
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";

const checkout = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** The extension's page, which the Marketplace and VS Code show; the repository's README is for its readers. */
const PAGE = "media/extension-page.md";

/** The seconds since 1970 that every entry of the zip is dated: those of the commit, unless the environment has others. */
export function packageEpoch() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given) return given;
  try {
    return execFileSync("git", ["log", "-1", "--format=%ct"], {
      cwd: checkout,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    // An unpacked archive has no commits.
    return "315532800";
  }
}

/**
 * Packs the extension.
 * @param file the new .vsix
 * @param images the URL of the repository's files, for the pictures of the page on the Marketplace; without it they are
 * found only where the extension is installed
 */
export async function makeVsix(file, images) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-package-"));
  const { SOURCE_DATE_EPOCH, TZ } = process.env;
  // A zip's times have no zone.
  Object.assign(process.env, { SOURCE_DATE_EPOCH: packageEpoch(), TZ: "UTC" });
  try {
    for (const name of await listFiles({ cwd: checkout, packageManager: PackageManager.None })) {
      if (name === PAGE) continue;
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.copyFileSync(path.join(checkout, name), path.join(folder, name));
      // A checkout's modes depend on who made it.
      fs.chmodSync(path.join(folder, name), 0o644);
    }
    fs.copyFileSync(path.join(checkout, PAGE), path.join(folder, "README.md"));
    // All that lies there belongs to the package.
    fs.writeFileSync(path.join(folder, ".vscodeignore"), "");
    await createVSIX({
      cwd: folder,
      packagePath: path.resolve(file),
      dependencies: false,
      allowMissingRepository: true,
      ...(images === undefined
        ? { rewriteRelativeLinks: false }
        : { baseImagesUrl: images, baseContentUrl: images }),
    });
  } finally {
    for (const [name, value] of Object.entries({ SOURCE_DATE_EPOCH, TZ })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await makeVsix(process.argv[2] ?? path.join(checkout, "deep-research.vsix"));
