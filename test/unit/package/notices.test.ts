import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../../fakes/temporary-folder.js";

/* What is shipped of others goes with their licences, and nothing comes in under one that we may not use. */

interface Package {
  name: string;
  version: string | undefined;
  license: string | undefined;
  text: string;
}
const notices = createRequire(path.resolve("package.json"))("./notices.js") as {
  isAllowed: (license: string | undefined) => boolean;
  noticesOf: (packages: Package[]) => string;
  packagesOf: (files: string[]) => Package[];
};

const Locked = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
});

describe("the notices of third parties", () => {
  const { packages } = Locked.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  const shipped = Object.entries(packages).filter(
    ([name, { dev, devOptional }]) => name !== "" && dev !== true && devOptional !== true,
  );

  it("allow the licence of every package that the product needs", () => {
    assert.ok(shipped.length > 20);
    const wrong = shipped.filter(([, { license }]) => !notices.isAllowed(license));
    assert.deepEqual(
      wrong.map(([name, { license }]) => `${name}: ${license ?? "none"}`),
      [],
    );
    for (const license of ["GPL-3.0", "AGPL-3.0-only", "UNLICENSED", "MIT AND GPL-2.0", "", undefined])
      assert.equal(notices.isAllowed(license), false, license);
    for (const license of ["(MIT OR GPL-3.0)", "MIT AND ISC", "0BSD"])
      assert.equal(notices.isAllowed(license), true, license);
  });

  it("have a text for every one of them, and for what is within them", () => {
    const found = notices.packagesOf(shipped.map(([name]) => path.resolve(name, "package.json")));
    const names = found.map(({ name }) => name);
    for (const within of ["pdf.js (within unpdf)", "SQLite (within node-sqlite3-wasm)"])
      assert.ok(names.includes(within), within);
    const text = notices.noticesOf(found);
    for (const { name, version } of found) assert.ok(text.includes(`\n${name} ${version ?? ""} (`), name);
    assert.match(text, /Apache License\s+Version 2\.0/);
  });

  it("end the build where a licence or its text is missing", async () => {
    const folder = await aFolder({
      "node_modules/bare/package.json": '{"name":"bare","version":"1.0.0","license":"MIT"}',
      "node_modules/@closed/one/package.json":
        '{"name":"@closed/one","version":"2.0.0","license":"BUSL-1.1"}',
      "node_modules/@closed/one/LICENSE": "Pay first.",
      "node_modules/good/package.json": '{"name":"good","version":"3.0.0","license":"MIT"}',
      "node_modules/good/LICENSE.md": "Do as you like.",
      "node_modules/good/NOTICE": "Made by somebody.",
    });
    try {
      const of = (name: string) => notices.packagesOf([path.join(folder.path, "node_modules", name, "a.js")]);
      assert.throws(() => notices.noticesOf(of("bare")), /bare 1\.0\.0 has no licence text/);
      assert.throws(() => notices.noticesOf(of("@closed/one")), /@closed\/one 2\.0\.0 is under BUSL-1\.1/);
      assert.match(
        notices.noticesOf(of("good")),
        /good 3\.0\.0 \(MIT\)\n\nDo as you like\.\n\nMade by somebody\./,
      );
    } finally {
      await folder.remove();
    }
  });

  it("are in the package, and name what is in its bundles", function () {
    const file = "dist/THIRD_PARTY_NOTICES.txt";
    assert.ok(readFileSync(".vscodeignore", "utf8").split("\n").includes(`!${file}`));
    if (!existsSync(file)) this.skip();
    const text = readFileSync(file, "utf8");
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync("package.json", "utf8")));
    for (const [name, version] of Object.entries(dependencies))
      assert.ok(text.includes(`\n${name} ${version} (`), name);
  });
});
