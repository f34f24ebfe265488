import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { build } from "esbuild";
import { ESLint } from "eslint";
import * as z from "zod";

describe("what is shipped", () => {
  it("has an entry that holds nothing but the registration of commands", () => {
    assert.ok(statSync("dist/extension.js").size < 10_000);
    assert.ok(existsSync("dist/vscode/main.js"));
  });

  it("has a method that needs no Node and no editor", async () => {
    // For a browser, so that every node: module and `vscode` would be an error.
    const { errors } = await build({
      entryPoints: ["src/core/pipeline/research.ts"],
      bundle: true,
      write: false,
      platform: "browser",
      format: "esm",
      logLevel: "silent",
    });
    assert.deepEqual(errors, []);
  });

  it("starts a command without what only a run needs", async () => {
    const { metafile } = await build({
      entryPoints: ["src/cli/main.ts", "src/cli/session-commands.ts"],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      packages: "external",
      outdir: "out",
    });
    const loaded = ["src/cli/main.ts", "src/cli/session-commands.ts"];
    // The list grows while it is gone through.
    for (const file of loaded) {
      for (const { path, kind, external } of metafile.inputs[file]?.imports ?? []) {
        if (kind === "import-statement" && external !== true && !loaded.includes(path)) loaded.push(path);
      }
    }
    assert.ok(loaded.length > 50);
    assert.deepEqual(
      loaded.filter((file) => /^src\/(?:models|reading|search|verification)\//.test(file)),
      [],
    );
  });

  it("is linted for imports that run the wrong way", async () => {
    const eslint = new ESLint();
    const wrong: [string, string][] = [
      ["src/core/pipeline/plan.ts", 'import "../../storage/sessions/journal.js";'],
      ["src/common/errors.ts", 'import "../core/domain/schema.js";'],
      ["src/cli/main.ts", 'import "../vscode/main.js";'],
      ["src/core/pipeline/plan.ts", 'import "node:fs";'],
      ["src/core/pipeline/plan.ts", 'import "yaml";'],
      ["src/models/gemini/prices.ts", 'import "../../reading/web/page-reader.js";'],
      ["src/reading/web/page-reader.ts", 'import "vscode";'],
      ["src/storage/sessions/journal.ts", 'import "@google/generative-ai";'],
      ["src/app/event-log.ts", 'import "../vscode/main.js";'],
      ["src/cli/main.ts", 'import "../storage/sessions/session.js";'],
      ["src/cli/main.ts", 'import type { Settings } from "../config/settings-schema.js";'],
      ["src/vscode/main.ts", 'import "../verification/report-checker.js";'],
      ["src/vscode/plan/commands.ts", 'import "../../models/providers.js";'],
    ];
    for (const [filePath, code] of wrong) {
      const [result] = await eslint.lintText(`${code}\n`, { filePath });
      assert.ok(
        result?.messages.some(({ ruleId }) => ruleId === "no-restricted-imports"),
        `${filePath}: ${code}`,
      );
    }
  }).timeout(60_000);

  it("is linted for messages that are shown as they came, and for globals that are replaced", async () => {
    const eslint = new ESLint();
    const wrong: [string, string][] = [
      ["src/vscode/errors.ts", "declare const vscode: any; vscode.window.showErrorMessage(vscode.text);"],
      ["src/vscode/errors.ts", 'import { readFile } from "node:fs/promises";'],
      ["src/vscode/errors.ts", "globalThis.fetch = fetch;"],
      ["src/models/gemini/gemini-provider.ts", "globalThis.fetch = fetch;"],
      ["src/common/read-file.ts", "globalThis.fetch = fetch;"],
    ];
    for (const [filePath, code] of wrong) {
      const [result] = await eslint.lintText(`${code}\n`, { filePath });
      assert.ok(
        result?.messages.some(({ ruleId }) => ruleId === "no-restricted-syntax"),
        `${filePath}: ${code}`,
      );
    }
  }).timeout(60_000);

  it("is linted for files that are opened without a limit", async () => {
    const eslint = new ESLint();
    const wrong = [
      'import { readFile } from "node:fs/promises";',
      'import { readFileSync as anything } from "node:fs";',
      'import { createReadStream } from "fs";',
      'import * as fs from "node:fs";',
      'import fs from "node:fs/promises";',
      'import { promises } from "node:fs";',
    ];
    for (const code of wrong) {
      const [result] = await eslint.lintText(`${code}\n`, {
        filePath: "src/storage/reports/refresh-draft.ts",
      });
      assert.ok(
        result?.messages.some(({ ruleId }) => ruleId === "no-restricted-syntax"),
        code,
      );
    }
  }).timeout(60_000);

  it("asks for the VS Code whose types it is written against", () => {
    const Manifest = z.object({
      engines: z.object({ vscode: z.string() }),
      devDependencies: z.record(z.string(), z.string()),
      activationEvents: z.array(z.string()),
      contributes: z.object({
        commands: z.array(z.object({ command: z.string(), title: z.string() })),
        viewsContainers: z.object({ activitybar: z.array(z.object({ icon: z.string() })) }),
        menus: z.object({ commandPalette: z.array(z.object({ command: z.string(), when: z.string() })) }),
      }),
    });
    const manifest = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"] ?? ""}`);
    const packed = readFileSync(".vscodeignore", "utf8").split("\n");
    for (const { icon } of manifest.contributes.viewsContainers.activitybar)
      assert.ok(packed.includes(`!${icon}`), `${icon} is in the package`);
    const readme = readFileSync("README.md", "utf8");
    // Never at every start: where Markdown is opened, and where reports or sessions are.
    assert.deepEqual(manifest.activationEvents, [
      "onLanguage:markdown",
      "workspaceContains:data/reports",
      "workspaceContains:data/sessions",
    ]);
    const titles = z
      .record(z.string(), z.string())
      .parse(JSON.parse(readFileSync("package.nls.json", "utf8")));
    const { commands, menus } = manifest.contributes;
    // What the palette does not offer is done where it stands.
    const hidden = menus.commandPalette.filter(({ when }) => when === "false");
    for (const { command, title } of commands) {
      if (hidden.some((each) => each.command === command)) continue;
      const words = titles[title.replaceAll("%", "")] ?? title;
      assert.ok(readme.includes(`Deep Research: ${words}`), `The README tells of “${words}”.`);
    }
  });
});
