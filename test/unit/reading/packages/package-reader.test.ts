import assert from "node:assert/strict";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { PackageLocation } from "../../../../src/core/domain/schema.js";
import { createPackageReader, type PackageReader } from "../../../../src/reading/packages/package-reader.js";
import { listPackageFiles } from "../../../../src/reading/packages/package-files.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { INTEGRITY, npmManifest, npmPackage, pythonPackage } from "../../../fakes/installed-packages.js";
import { aWorkspace } from "../../../fakes/workspace.js";

const never = new AbortController().signal;

describe("installed packages", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  afterEach(() => folder.remove());

  const open = async (files: Record<string, string>): Promise<PackageReader> => {
    folder = await aFolder(files);
    return openAgain();
  };
  const openAgain = (): PackageReader => {
    const nowhere = path.join(folder.path, "nowhere");
    const folders = {
      python: null,
      cargo: path.join(folder.path, "cargo-home"),
      go: path.join(folder.path, "go-mod"),
      yarn: path.join(folder.path, "..", `${path.basename(folder.path)}-yarn`),
    };
    assert.ok(nowhere);
    return createPackageReader(folder.path, aWorkspace(folder.path).files, folders);
  };
  const named = async (packages: PackageReader): Promise<string[]> =>
    (await packages.list(never)).direct.map(({ name, version }) => `${name}@${version}`).sort();
  const place = (path: string, name = "mud", version = "1.2.3"): PackageLocation => ({
    kind: "package", ecosystem: "npm", name, version, path, file: null,
  }); // prettier-ignore

  it("reads the README of the installed version, with the hash of the lock file", async () => {
    const packages = await open({
      ...npmManifest({ mud: "1.2.3" }),
      ...npmPackage("mud", "1.2.3", { files: { "README.md": "# Mud\n\nMud is dredged in spring.\n" } }),
    });
    const { direct } = await packages.list(never);
    const [mud] = direct;
    assert.ok(mud !== undefined);
    const where = packages.locate(mud, "README.md");
    assert.deepEqual(where, { ...place("README.md"), file: "node_modules/mud/README.md" });
    const reading = await packages.read(where, never);
    assert.equal(reading.title, "Mud");
    assert.match(reading.text, /Mud is dredged in spring\./);
    assert.equal(reading.integrity, INTEGRITY);
  });

  it("finds packages where Node does: in a member of a monorepo, and by a scope", async () => {
    const packages = await open({
      "package.json": JSON.stringify({ workspaces: ["apps/*"] }),
      "apps/one/package.json": JSON.stringify({ dependencies: { "@tide/table": "*", mud: "*" } }),
      ...npmPackage("@tide/table", "2.0.0"),
      ...npmPackage("mud", "1.0.0"),
      ...npmPackage("mud", "9.0.0", { under: "apps/one/" }),
    });
    assert.deepEqual(await named(packages), ["@tide/table@2.0.0", "mud@9.0.0"]);
  });

  it("follows the links of pnpm, and takes no part of the workspace for a package", async () => {
    await open({
      "package.json": JSON.stringify({ dependencies: { mud: "*", own: "workspace:*", away: "*" } }),
      "pnpm-lock.yaml": `lockfileVersion: '9.0'\n\npackages:\n\n  mud@1.2.3:\n    resolution: {integrity: ${INTEGRITY}}\n`,
      "node_modules/.pnpm/mud@1.2.3/node_modules/mud/package.json": JSON.stringify({
        name: "mud",
        version: "1.2.3",
      }),
      "node_modules/.pnpm/mud@1.2.3/node_modules/mud/README.md": "# Mud\n",
      "packages/own/package.json": JSON.stringify({ name: "own", version: "1.0.0" }),
    });
    const outside = await aFolder({ "package.json": JSON.stringify({ name: "away", version: "1.0.0" }) });
    const modules = path.join(folder.path, "node_modules");
    await symlink(path.join(modules, ".pnpm/mud@1.2.3/node_modules/mud"), path.join(modules, "mud"));
    await symlink(path.join(folder.path, "packages/own"), path.join(modules, "own"));
    await symlink(outside.path, path.join(modules, "away"));
    const packages = openAgain();
    const { direct } = await packages.list(never);
    assert.deepEqual(
      direct.map(({ name }) => name),
      ["mud"],
    );
    const [mud] = direct;
    assert.deepEqual([mud?.inside, mud?.integrity("README.md")], ["node_modules/mud", INTEGRITY]);
    assert.match((await packages.read(place("README.md"), never)).text, /Mud/);
    await outside.remove();
  });

  it("reads the hashes of Yarn", async () => {
    const packages = await open({
      "package.json": JSON.stringify({ dependencies: { "@tide/table": "^2" } }),
      "yarn.lock": `# yarn lockfile v1\n\n"@tide/table@^2":\n  version "2.0.0"\n  resolved "https://x"\n  integrity ${INTEGRITY}\n`,
      ...npmPackage("@tide/table", "2.0.0"),
    });
    const { direct } = await packages.list(never);
    assert.equal(direct[0]?.integrity("README.md"), INTEGRITY);
  });

  it("refuses names and versions that are paths", async () => {
    const packages = await open({
      "package.json": JSON.stringify({
        dependencies: {
          "../../etc": "*",
          "..": "*",
          "a/../../b": "*",
          "/etc": "*",
          bad: "*",
          worse: "*",
          "a\\b": "*",
        },
      }),
      "node_modules/bad/package.json": JSON.stringify({ name: "bad", version: "1/../../../etc" }),
      "node_modules/worse/package.json": JSON.stringify({ name: "../../../etc", version: "1.0.0" }),
      "etc/package.json": JSON.stringify({ name: "etc", version: "1.0.0" }),
    });
    assert.deepEqual(await packages.list(never), { direct: [], others: [], problem: null });
    assert.equal(await packages.findByName("../etc", never), null);
  });

  it("reads nothing of a package but its documents and declarations", async () => {
    const secret = await aFolder({ "secret.md": "# A secret\n" });
    const packages = await open({
      ...npmManifest({ mud: "1.2.3" }),
      ...npmPackage("mud", "1.2.3", {
        files: {
          ".env": "KEY=1", "index.js": "1", "AGENTS.md": "# Obey\n", "skills/SKILL.md": "# Obey\n", "LICENSE": "MIT",
          "test/a.md": "# Test\n", "dist/x.min.js": "1", "node_modules/inner/README.md": "# Inner\n",
          "index.d.ts": "export declare const a: 1;\n", "index.d.cts": "export declare const a: 1;\n", "docs/use.md": "# Use\n",
        },
      }),
    }); // prettier-ignore
    await symlink(path.join(secret.path, "secret.md"), path.join(folder.path, "node_modules/mud/link.md"));
    const [mud] = (await packages.list(never)).direct;
    assert.ok(mud !== undefined);
    assert.deepEqual(await listPackageFiles(mud, never), ["docs/use.md", "index.d.ts"]);
    for (const file of [
      "link.md",
      ".env",
      "../../package.json",
      "AGENTS.md",
      "index.js",
      "/etc/hosts.md",
      "docs/../.env",
    ]) {
      await assert.rejects(packages.read(place(file), never), /is no document of an installed package/, file);
    }
    await secret.remove();
  });

  it("leaves out what is minified, and what is larger than a megabyte", async () => {
    const packages = await open({
      ...npmManifest({ mud: "1.2.3" }),
      ...npmPackage("mud", "1.2.3", {
        files: {
          "min.d.ts": `export type A = ${'"a"|'.repeat(10_000)}"b";`,
          "big.md": "# Big\n\n".repeat(200_000),
        },
      }),
    });
    for (const file of ["min.d.ts", "big.md"])
      await assert.rejects(packages.read(place(file), never), /is no document/, file);
  });

  it("looks at no more than so many entries of a package", async () => {
    const files = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`docs/n${n}.md`, `# ${n}\n`]));
    const packages = await open({
      ...npmManifest({ mud: "1.2.3" }),
      ...npmPackage("mud", "1.2.3", { files }),
    });
    const [mud] = (await packages.list(never)).direct;
    assert.ok(mud !== undefined);
    assert.equal((await listPackageFiles(mud, never)).length, 400);
  });

  it("says which version is installed in place of the one that is asked for", async () => {
    const packages = await open({ ...npmManifest({ mud: "2.0.0" }), ...npmPackage("mud", "2.0.0") });
    await assert.rejects(
      packages.read(place("README.md"), never),
      /mud 1\.2\.3 is not installed: 2\.0\.0 is\./,
    );
    await assert.rejects(packages.read(place("README.md", "sand"), never), /sand is not installed\./);
    assert.deepEqual(await packages.versions(place("README.md"), never), ["2.0.0"]);
  });

  it("reads the README in the metadata of a Python package, at the lines of its file", async () => {
    const packages = await open({
      "pyproject.toml": '[project]\nname = "x"\ndependencies = [\n  "harbour_tools>=1",\n]\n',
      ...pythonPackage("harbour_tools", "1.0.1", "# Harbour tools\n\nDredge with `harbour`.\n", {
        "harbour_tools/__init__.py": '"""Tools for harbours."""\n',
      }),
    });
    const [found] = (await packages.list(never)).direct;
    assert.ok(found !== undefined);
    assert.equal(found.name, "harbour-tools");
    const files = await listPackageFiles(found, never);
    assert.deepEqual(files, ["harbour_tools-1.0.1.dist-info/METADATA", "harbour_tools/__init__.py"]);
    const where = packages.locate(found, files[0] ?? "");
    assert.equal(where.file, ".venv/lib/python3.12/site-packages/harbour_tools-1.0.1.dist-info/METADATA");
    const { title, text, lines, integrity } = await packages.read(where, never);
    assert.deepEqual([title, integrity], ["Harbour tools", "sha256=abc"]);
    const at = text.split("\n").findIndex((line) => line.includes("Dredge with"));
    assert.equal(lines?.[at], 9);
  });

  it("reads crates and modules at the versions of their lock files", async () => {
    const packages = await open({
      "Cargo.toml": '[package]\nname = "x"\n\n[dependencies]\nmud = "1"\n',
      "Cargo.lock":
        '[[package]]\nname = "mud"\nversion = "1.0.0"\nsource = "registry+https://x"\nchecksum = "' +
        `${"a".repeat(64)}"\n\n[[package]]\nname = "sand"\nversion = "2.0.0"\nsource = "registry+https://x"\n`,
      "cargo-home/registry/src/index.x/mud-1.0.0/Cargo.toml": '[package]\nname = "mud"\nversion = "1.0.0"\n',
      "cargo-home/registry/src/index.x/mud-1.0.0/README.md": "# Mud\n",
      "cargo-home/registry/src/index.x/sand-2.0.0/Cargo.toml":
        '[package]\nname = "sand"\nversion = "2.0.0"\n',
      "go.mod":
        "module x\n\nrequire (\n\texample.com/Tide/table v1.4.0\n\texample.com/in v1.0.0 // indirect\n)\n",
      "go.sum": "example.com/Tide/table v1.4.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
      "go-mod/example.com/!tide/table@v1.4.0/README.md": "# Tide table\n",
      "go-mod/example.com/in@v1.0.0/README.md": "# In\n",
    });
    const { direct, others } = await packages.list(never);
    assert.deepEqual(direct.map(({ name }) => name).sort(), ["example.com/Tide/table", "mud"]);
    assert.deepEqual(others.map(({ name }) => name).sort(), ["example.com/in", "sand"]);
    const hashes = direct.map((each) => each.integrity("README.md")).sort();
    assert.deepEqual(hashes, ["h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", `sha256:${"a".repeat(64)}`]);
    for (const each of direct)
      assert.match((await packages.read(packages.locate(each, "README.md"), never)).text, /Mud|Tide/);
  });

  it("finds nothing where manifests are damaged", async () => {
    const packages = await open({
      "package.json": "{", "pyproject.toml": "[[[", "Cargo.toml": "\u0000", "go.mod": "require (", "package-lock.json": "[]",
      "sub/package.json": JSON.stringify({ dependencies: ["a"] }),
    }); // prettier-ignore
    assert.deepEqual(await packages.list(never), { direct: [], others: [], problem: null });
  });

  it("stops when it is cancelled, and can be asked again", async () => {
    const packages = await open({ ...npmManifest({ mud: "1.2.3" }), ...npmPackage("mud", "1.2.3") });
    await assert.rejects(packages.list(AbortSignal.abort()), { name: "AbortError" });
    assert.deepEqual(await named(packages), ["mud@1.2.3"]);
  });

  it("finds packages through a link to another node_modules, and cites them by an address", async () => {
    const other = await aFolder(npmPackage("mud", "1.2.3", { files: { "README.md": "# Mud\n" } }));
    await open(npmManifest({ mud: "1.2.3" }));
    await symlink(path.join(other.path, "node_modules"), path.join(folder.path, "node_modules"));
    const packages = openAgain();
    const [mud] = (await packages.list(never)).direct;
    assert.ok(mud !== undefined);
    assert.equal(packages.locate(mud, "README.md").file, null);
    await mkdir(path.join(other.path, "x"));
    await rename(path.join(other.path, "node_modules/mud"), path.join(other.path, "x/mud"));
    await writeFile(path.join(other.path, "x/y"), "");
    assert.deepEqual(await openAgain().list(never), { direct: [], others: [], problem: null });
    await other.remove();
  });
});
