import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ZipReader } from "../../../src/storage/archive/zip-reader.js";
import { aFolder } from "../../fakes/temporary-folder.js";

/* The package: what it contains, that nothing else is in it, and that the same source gives the same bytes. */

const EXPECTED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(?:package\.json|package\.nls(?:\.de)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/media\/deep-research\.schema\.json$/,
  /^extension\/dist\/(?:extension|extraction-worker|workspace-worker|pdf|vscode\/main|vscode\/preview\/markdown-it-plugin)\.js$/,
  /^extension\/dist\/(?:node-sqlite3-wasm\.wasm|THIRD_PARTY_NOTICES\.txt)$/,
  /^extension\/media\/[\w-]+\.(?:png|svg|css|js|json)$/,
  /^extension\/media\/l10n\/bundle\.l10n\.\w+\.json$/,
  /^extension\/media\/walkthrough\/[\w-]+\.png$/,
  /^extension\/media\/sample\/[\w./-]+\.(?:md|jsonl|json)$/,
];

describe("the package", function () {
  this.timeout(300_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  before(async function () {
    if (!existsSync("dist/vscode/main.js")) this.skip();
    folder = await aFolder();
  });
  after(() => folder.remove());

  const pack = async (name: string, more: NodeJS.ProcessEnv = {}): Promise<string> => {
    const file = path.join(folder.path, name);
    await promisify(execFile)(process.execPath, ["test/package/make-vsix.mjs", file], {
      env: { ...process.env, ...more },
    });
    return file;
  };

  const unpack = async (name: string): Promise<Map<string, Buffer>> => {
    const zip = await ZipReader.open(path.join(folder.path, name));
    const entries = new Map<string, Buffer>();
    for (const entry of zip.entries)
      entries.set(entry.name, await zip.whole(entry, 10_000_000, AbortSignal.timeout(60_000)));
    await zip.close();
    return entries;
  };

  it("has the same bytes again, whatever time zone and language the machine has", async () => {
    const [first, second] = [
      await pack("a.vsix", { TZ: "America/Lima", LANG: "C" }),
      await pack("b.vsix", { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8" }),
    ];
    const [one, two] = await Promise.all([first, second].map((file) => readFile(file)));
    const hash = (bytes: Buffer | undefined): string =>
      createHash("sha256")
        .update(bytes ?? "")
        .digest("hex");
    assert.equal(hash(one), hash(two));
    assert.ok((one?.length ?? 0) < 3_000_000, `${one?.length ?? 0} bytes`);
  });

  it("contains what is needed and nothing else: no source, no map, no test, no session but the sample's", async () => {
    const entries = await unpack("a.vsix");
    const names = [...entries.keys()];
    assert.deepEqual(
      names.filter((name) => !EXPECTED.some((pattern) => pattern.test(name))),
      [],
    );
    for (const pattern of EXPECTED)
      assert.ok(
        names.some((name) => pattern.test(name)),
        String(pattern),
      );
    for (const [name, bytes] of entries) {
      if (!/\.(?:js|json|md|txt)$/.test(name)) continue;
      assert.ok(!bytes.includes(process.cwd()), `${name} holds the path of this checkout`);
      assert.ok(!bytes.includes("sourceMappingURL=data"), name);
    }
  });

  it("has a page of its own, whose pictures are in it and which says what leaves the machine", async () => {
    const entries = await unpack("a.vsix");
    const page = entries.get("extension/readme.md")?.toString("utf8") ?? "";
    assert.equal(page, await readFile("media/extension-page.md", "utf8"));
    const pictures = Array.from(page.matchAll(/!\[[^\]]{20,}\]\(([^)]+)\)/g), ([, file = ""]) => file);
    assert.ok(pictures.length >= 2);
    for (const file of pictures) assert.ok(entries.has(`extension/${file}`), file);
    // Nothing else in it is relative: such a link leads nowhere on the Marketplace.
    const links = Array.from(page.matchAll(/(?<!!)\[[^\]]*\]\(([^)]+)\)/g), ([, target = ""]) => target);
    assert.deepEqual(
      links.filter((target) => !target.startsWith("https://")),
      [],
    );
    assert.match(page, /There is no telemetry\./);
    assert.match(page, /free tier[^]*train[^]*EEA/);
  });
});
