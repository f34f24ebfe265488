// Which browser the tests use: the one that is named, one that is installed, or the cache's own.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/google-chrome-stable", "/usr/bin/google-chrome"];

/** The libraries that the cache's Chromium takes from the system, and Debian's packages of them. */
const LIBRARIES = { "libnss3.so": "libnss3", "libnspr4.so": "libnspr4", "libexpat.so.1": "libexpat1" };

/**
 * Finds a browser that can be started, and sees to the libraries and the font that it needs.
 * @param {string} cache the folder .vscode-host, where a browser that npm brought lies packed
 * @returns {Promise<string>} its path
 */
export async function findChromium(cache) {
  const named = process.env.HOST_CHROMIUM ?? "";
  if (named !== "") {
    if (fs.existsSync(named)) return named;
    throw new Error(`HOST_CHROMIUM names ${named}, and there is no such file. Mend it or unset it.`);
  }
  const installed = INSTALLED.find((file) => fs.existsSync(file));
  // Without a font every letter on a screenshot is a box.
  const missing = hasFont() ? [] : ["fonts-dejavu-core"];
  if (installed === undefined) missing.push(...missingLibraries());
  if (missing.length > 0) addToSystem(missing);
  return installed ?? unpackedIn(cache);
}

/** Unpacks the cache's own Chromium, once, under a name that it gets only when it is whole. */
function unpackedIn(cache) {
  const folder = path.join(cache, "chromium");
  const file = path.join(folder, "chromium");
  if (!fs.existsSync(folder)) {
    const partial = `${folder}.${process.pid}`;
    fs.mkdirSync(partial, { recursive: true });
    try {
      const entry = pathToFileURL(path.join(cache, "node_modules/@sparticuz/chromium/build/index.js"));
      const script = `await (await import("${entry.href}")).default.executablePath()`;
      // It unpacks into the system's temporary folder, and takes whatever is called "chromium" there.
      const env = { ...process.env, TMPDIR: partial };
      execFileSync(process.execPath, ["--input-type=module", "-e", script], { env, stdio: "inherit" });
      fs.renameSync(partial, folder);
    } finally {
      fs.rmSync(partial, { recursive: true, force: true });
    }
  }
  return file;
}

function hasFont() {
  return ["/usr/share/fonts", "/usr/local/share/fonts"].some(
    (folder) =>
      fs.existsSync(folder) &&
      fs.readdirSync(folder, { recursive: true }).some((name) => /\.(ttf|otf|ttc)$/i.test(String(name))),
  );
}

function missingLibraries() {
  const env = { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` };
  const known = execFileSync("ldconfig", ["-p"], { encoding: "utf8", env });
  return Object.entries(LIBRARIES).flatMap(([file, name]) => (known.includes(file) ? [] : [name]));
}

function addToSystem(packages) {
  const names = packages.join(" ");
  if (process.getuid() !== 0 || !fs.existsSync("/usr/bin/apt-get")) {
    throw new Error(
      `The browser needs the system packages ${names} (Debian's names). Install them` +
        ` (sudo apt-get install ${names}), or set HOST_CHROMIUM to a Chromium that works.`,
    );
  }
  console.log(`Installing the system packages ${names} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => execFileSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
  try {
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
  } catch (error) {
    throw new Error(`apt-get could not install ${names}; its own words stand above.`, { cause: error });
  }
}
