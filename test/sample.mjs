// Makes the sample report anew: the offline engine asks its question of the pages in media/sample.
//   npm run sample
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const sample = path.join(root, "media/sample");

const QUESTION = "What happens to a job whose worker dies?";

/** Files are copied out of the repository first: what git says of them is no part of the sample. */
function make() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-sample-"));
  try {
    for (const name of ["README.md", "docs"]) {
      fs.cpSync(path.join(sample, name), path.join(folder, name), { recursive: true });
    }
    execFileSync(process.execPath, [path.join(root, "dist/cli.js"), QUESTION, "--no-cache"], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", HOME: folder },
      stdio: ["ignore", "inherit", "inherit"],
    });
    fs.rmSync(path.join(sample, "data"), { recursive: true, force: true });
    for (const name of ["reports", "sessions"]) {
      // The formatters' settings are no part of a sample.
      const filter = (file) => !path.basename(file).startsWith(".");
      fs.cpSync(path.join(folder, "data", name), path.join(sample, "data", name), {
        recursive: true,
        filter,
      });
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

make();
