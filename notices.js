// Which packages are in the bundles, under which licences: the text that goes with them. From what esbuild says that
// it has put in; a package without a licence that we may use, or without its text, ends the build.
const fs = require("node:fs");
const path = require("node:path");

/** What may be shipped with a program under MIT, so long as its text goes along. */
const ALLOWED = new Set([
  "MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0", "CC0-1.0", "Unlicense", "Python-2.0", "Zlib", "blessing",
]); // prettier-ignore

const TEXT = /^(?:licen[cs]e|copying|unlicense)(?:[-.].*)?$/i;
const NOTICE = /^notice(?:\..*)?$/i;

/** Parts of packages that they do not name as packages of their own. `like`: a package with the licence's text. */
const WITHIN = {
  unpdf: (root) => [
    {
      name: "pdf.js (within unpdf)",
      version: /"(\d+\.\d+\.\d+)"/.exec(fs.readFileSync(path.join(root, "dist/pdfjs.mjs"), "utf8"))?.[1],
      license: "Apache-2.0",
      text: `Copyright Mozilla Foundation\n\n${textOf(path.join(root, "../@google/generative-ai"))}`,
    },
  ],
  "node-sqlite3-wasm": (root) => [
    {
      name: "SQLite (within node-sqlite3-wasm)",
      version: /[^\d.](3\.\d+\.\d+)\0/.exec(
        fs.readFileSync(path.join(root, "dist/node-sqlite3-wasm.wasm"), "latin1"),
      )?.[1],
      license: "blessing",
      text: "SQLite is in the public domain (https://sqlite.org/copyright.html).",
    },
  ],
};

/** Packages that come without the text of their licence: its usual words, with who holds the rights. */
const ISC = (holder) => `${holder}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;
const TEXTS = { boolbase: ISC("Copyright (c) Felix Boehm") };

/** True for a licence, or a choice of which one is, that may be shipped. */
function isAllowed(license) {
  const choices = String(license ?? "")
    .replace(/^\((.*)\)$/, "$1")
    .split(" OR ");
  return choices.some((each) => each.split(" AND ").every((one) => ALLOWED.has(one.trim())));
}

/** The text of a package's licence, and what else it wants to be said; empty where there is none. */
function textOf(root) {
  const names = fs.readdirSync(root).sort();
  const wanted = [...names.filter((name) => TEXT.test(name)), ...names.filter((name) => NOTICE.test(name))];
  return wanted.map((name) => fs.readFileSync(path.join(root, name), "utf8").trim()).join("\n\n");
}

/** The folders of the packages that files in `node_modules` belong to, each once. */
function rootsOf(files) {
  const roots = new Set();
  for (const file of files) {
    const found = /^(.*(?:^|[\\/])node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file);
    if (found !== null) roots.add(found[1]);
  }
  return [...roots];
}

/**
 * The packages that are in a build, with their licences, by name.
 * @param files files that went into it
 */
function packagesOf(files) {
  const packages = rootsOf(files).flatMap((root) => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
    return [
      { name, version, license, text: textOf(root) || (TEXTS[name] ?? "") },
      ...(WITHIN[name]?.(root) ?? []),
    ];
  });
  packages.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
  return packages.filter(
    ({ name, version }, at) => name !== packages[at - 1]?.name || version !== packages[at - 1]?.version,
  );
}

/** Files of packages that are in what esbuild wrote. @param metafile esbuild's */
function bundledFiles(metafile) {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/** The notices as a text. @throws Error where a package may not be shipped, or not without more */
function noticesOf(packages) {
  const wrong = packages.flatMap(({ name, version, license, text }) => [
    ...(isAllowed(license) ? [] : [`${name} ${version} is under ${license ?? "no licence"}`]),
    ...(text === "" ? [`${name} ${version} has no licence text`] : []),
    ...(version === undefined ? [`${name} has no version`] : []),
  ]);
  if (wrong.length > 0) throw new Error(`These packages cannot be shipped: ${wrong.join("; ")}.`);
  const parts = packages.map(
    ({ name, version, license, text }) => `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`,
  );
  return `Deep Research contains these packages, under these licences.\n\n${parts.join("\n")}`;
}

module.exports = { bundledFiles, isAllowed, noticesOf, packagesOf };
