import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { PackageLocation } from "../../../../src/core/domain/schema.js";
import { formatMessage } from "../../../../src/common/messages.js";
import { createPackageReader, type PackageReader } from "../../../../src/reading/packages/package-reader.js";
import { listPackageFiles } from "../../../../src/reading/packages/package-files.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aWorkspace } from "../../../fakes/workspace.js";
import { aZip } from "../../../fakes/zip.js";

/* Packages that Yarn leaves in zip archives, with the file that says where they are. */

const never = new AbortController().signal;

type Registry = [string | null, [string | null, Record<string, unknown>][]][];

/** As Yarn writes it into .pnp.cjs. */
function pnpScript(state: unknown): string {
  const text = JSON.stringify(state, null, 2).replace(/[\\']/g, "\\$&").replaceAll("\n", "\\\n");
  return `#!/usr/bin/env node\n"use strict";\n\nconst RAW_RUNTIME_STATE =\n'${text}';\n\nfunction $$SETUP_STATE() {}\n`;
}

describe("packages of Yarn's Plug'n'Play", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let cache: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => ([folder, cache] = await Promise.all([aFolder(), aFolder()])));
  afterEach(() => Promise.all([folder.remove(), cache.remove()]));

  const registry = (mud: string, more: Registry = []): { packageRegistryData: Registry } => ({
    packageRegistryData: [
      [
        null,
        [[null, { packageLocation: "./", packageDependencies: [["mud", "npm:1.2.3"]], linkType: "SOFT" }]],
      ],
      ["mud", [["npm:1.2.3", { packageLocation: mud, packageDependencies: [], linkType: "HARD" }]]],
      ...more,
    ],
  });
  const archive = (name: string, version: string, readme: string): Buffer =>
    aZip(
      Object.entries({
        "package.json": JSON.stringify({ name, version, description: "Dredges" }),
        "README.md": readme,
        "mud.d.ts": "/** Dredges in spring. */\nexport declare function dredge(): void;\n",
        "index.js": "0",
      }).map(([file, text]) => ({ name: `node_modules/${name}/${file}`, content: Buffer.from(text) })),
    );
  const write = async (file: string, content: string | Buffer): Promise<void> => {
    const whole = path.join(folder.path, file);
    await mkdir(path.dirname(whole), { recursive: true });
    await writeFile(whole, content);
  };
  const open = async (pnp: Record<string, string>): Promise<PackageReader> => {
    await write("package.json", JSON.stringify({ name: "workspace", dependencies: { mud: "*" } }));
    for (const [file, text] of Object.entries(pnp)) await write(file, text);
    const nowhere = path.join(folder.path, "nowhere");
    const folders = { python: null, cargo: nowhere, go: nowhere, yarn: cache.path };
    return createPackageReader(folder.path, aWorkspace(folder.path).files, folders);
  };
  const README = "# Mud\n\nMud is dredged in spring.\n";
  const IN_CACHE = "./.yarn/cache/mud-npm-1.2.3-abc.zip/node_modules/mud/";
  const place = (file: string, name = "mud", version = "1.2.3"): PackageLocation => ({
    kind: "package", ecosystem: "npm", name, version, path: file, file: null,
  }); // prettier-ignore
  const versions = async (packages: PackageReader): Promise<string[]> =>
    (await packages.list(never)).direct.map(({ name, version }) => `${name}@${version}`);

  it("are listed and read from archives of the workspace, by the script and by the data file", async () => {
    await write(".yarn/cache/mud-npm-1.2.3-abc.zip", archive("mud", "1.2.3", README));
    const state = registry(IN_CACHE);
    for (const pnp of [{ ".pnp.cjs": pnpScript(state) }, { ".pnp.data.json": JSON.stringify(state) }]) {
      const packages = await open(pnp);
      const { direct, problem } = await packages.list(never);
      const [mud] = direct;
      assert.ok(mud !== undefined && problem === null);
      assert.deepEqual(await listPackageFiles(mud, never), ["README.md", "mud.d.ts"]);
      assert.deepEqual(packages.locate(mud, "README.md"), place("README.md"));
      const reading = await packages.read(place("README.md"), never);
      assert.deepEqual([reading.title, reading.text.includes("dredged in spring.")], ["Mud", true]);
      assert.match((await packages.read(place("mud.d.ts"), never)).text, /Dredges in spring/);
      await assert.rejects(packages.read(place("index.js"), never), { code: "unreadable" });
      await assert.rejects(packages.read(place("README.md", "mud", "9.9.9"), never), /1\.2\.3 is/);
    }
  });

  it("are found at virtual addresses, by aliases, unplugged, and in the user's own cache", async () => {
    await writeFile(path.join(cache.path, "mud.zip"), archive("mud", "1.2.3", README));
    const levels = path.relative(path.parse(folder.path).root, folder.path).split(path.sep).length;
    const own = path.join(cache.path, "mud.zip").slice(path.parse(cache.path).root.length);
    const virtual = `./__virtual__/mud-virtual-0123ab/${levels}/${own.split(path.sep).join("/")}/node_modules/mud/`;
    assert.deepEqual(await versions(await open({ ".pnp.cjs": pnpScript(registry(virtual)) })), ["mud@1.2.3"]);

    const state = registry("./.yarn/unplugged/mud-npm-1.2.3-abc/node_modules/mud/");
    await write(
      ".yarn/unplugged/mud-npm-1.2.3-abc/node_modules/mud/package.json",
      JSON.stringify({ name: "mud", version: "1.2.3" }),
    );
    assert.deepEqual(await versions(await open({ ".pnp.cjs": pnpScript(state) })), ["mud@1.2.3"]);

    await write(".yarn/cache/silt.zip", archive("silt", "2.0.0", README));
    const alias = registry("./nowhere/", [
      ["silt", [["npm:2.0.0", { packageLocation: "./.yarn/cache/silt.zip/node_modules/silt/" }]]],
    ]);
    Object.assign(alias.packageRegistryData[0]?.[1][0]?.[1] ?? {}, {
      packageDependencies: [["mud", ["silt", "npm:2.0.0"]]],
    });
    assert.deepEqual(await versions(await open({ ".pnp.cjs": pnpScript(alias) })), ["silt@2.0.0"]);
  });

  it("are not read from elsewhere, from damage, or from the user's own files", async () => {
    const elsewhere = await aFolder();
    await writeFile(path.join(elsewhere.path, "mud.zip"), archive("mud", "1.2.3", README));
    await write(".yarn/cache/damaged.zip", "PK no zip");
    await write("apps/mud/package.json", JSON.stringify({ name: "mud", version: "1.2.3" }));
    for (const location of [
      `${elsewhere.path}/mud.zip/node_modules/mud/`,
      "./.yarn/cache/damaged.zip/node_modules/mud/",
      "./.yarn/cache/missing.zip/node_modules/mud/",
      "./apps/mud/",
      "/etc/",
    ])
      assert.deepEqual(
        await versions(await open({ ".pnp.cjs": pnpScript(registry(location)) })),
        [],
        location,
      );
    await elsewhere.remove();
  });

  it("are read no further than 32 MB, however small they are packed", async () => {
    const content = Buffer.alloc(1024 * 1024, "mud ");
    const files = Array.from({ length: 40 }, (_, n) => ({ name: `node_modules/mud/doc${n}.md`, content }));
    const manifest = Buffer.from(JSON.stringify({ name: "mud", version: "1.2.3" }));
    const zip = aZip([{ name: "node_modules/mud/package.json", content: manifest }, ...files]);
    assert.ok(zip.length < 100_000);
    await write(".yarn/cache/mud-npm-1.2.3-abc.zip", zip);
    const [mud] = (await (await open({ ".pnp.cjs": pnpScript(registry(IN_CACHE)) })).list(never)).direct;
    const opened = mud?.archive;
    assert.ok(opened !== undefined);
    const read = await Promise.all(opened.files.map((file) => opened.read(file)));
    assert.equal(read.filter((bytes) => bytes !== null).length, 32);
  });

  it("are said not to be read where the file has another form, and nothing of it is run", async () => {
    const forms = [
      "module.exports = 1;",
      "const RAW_RUNTIME_STATE =\n'{\"packageRegistryData\": 1}';",
      pnpScript([]),
    ];
    for (const script of forms) {
      const { direct, problem } = await (await open({ ".pnp.cjs": script })).list(never);
      assert.deepEqual(direct, []);
      assert.match(problem === null ? "" : formatMessage(problem), /Yarn installed are not searched/);
    }
  });
});
