import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { build } from "esbuild";
import { ESLint } from "eslint";
import { z } from "zod";

describe("what is shipped", () => {
  it("has an entry that holds nothing but the registration of commands", () => {
    assert.ok(statSync("dist/extension.js").size < 10_000);
    assert.ok(existsSync("dist/vscode/main.js"));
  });

  it("has a method that needs no Node and no editor", async () => {
    // For a browser, so that every node: module and `vscode` would be an error.
    const { errors } = await build({
      entryPoints: ["src/research/research.ts"],
      bundle: true,
      write: false,
      platform: "browser",
      format: "esm",
      logLevel: "silent",
    });
    assert.deepEqual(errors, []);
  });

  it("is linted for imports that run the wrong way", async () => {
    const eslint = new ESLint();
    const wrong: [string, string][] = [
      ["src/research/plan.ts", 'import "../sessions/journal.js";'],
      ["src/research/plan.ts", 'import "node:fs";'],
      ["src/research/plan.ts", 'import "yaml";'],
      ["src/models/prices.ts", 'import "../sources/pages.js";'],
      ["src/sources/web/pages.ts", 'import "vscode";'],
      ["src/sessions/journal.ts", 'import "@google/generative-ai";'],
      ["src/monitoring/log.ts", 'import "../vscode/main.js";'],
    ];
    for (const [filePath, code] of wrong) {
      const [result] = await eslint.lintText(`${code}\n`, { filePath });
      assert.ok(
        result?.messages.some(({ ruleId }) => ruleId === "no-restricted-imports"),
        `${filePath}: ${code}`,
      );
    }
  }).timeout(60_000);

  it("asks for the VS Code whose types it is written against", () => {
    const Manifest = z.object({
      engines: z.object({ vscode: z.string() }),
      devDependencies: z.record(z.string(), z.string()),
      activationEvents: z.array(z.string()).max(0),
      contributes: z.object({ commands: z.array(z.object({ command: z.string(), title: z.string() })) }),
    });
    const manifest = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"] ?? ""}`);
    const readme = readFileSync("README.md", "utf8");
    const titles = z
      .record(z.string(), z.string())
      .parse(JSON.parse(readFileSync("package.nls.json", "utf8")));
    for (const { title } of manifest.contributes.commands) {
      const words = titles[title.replaceAll("%", "")] ?? title;
      assert.ok(readme.includes(`Deep Research: ${words}`), `The README tells of “${words}”.`);
    }
  });
});
