import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { ResearchError } from "../../../src/common/errors.js";
import { acceptKey } from "../../../src/common/user-state.js";
import { readTerminalEnvironment } from "../../../src/config/environment.js";
import {
  readEnvironmentSettings,
  readYamlSettings,
  inspectSettings,
  loadSettings,
} from "../../../src/config/load-settings.js";
import { SETTING_NAMES, SETTINGS, type Settings } from "../../../src/config/settings-schema.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("settings", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  afterEach(() => folder.remove());

  const load = async (files: Record<string, string>, env: Record<string, string> = {}): Promise<Settings> => {
    folder = await aFolder(files);
    const { places } = await readTerminalEnvironment(folder.path, env);
    return loadSettings(folder.path, [...places, await readYamlSettings(folder.path)]);
  };
  const refusal = async (files: Record<string, string>, env: Record<string, string> = {}): Promise<string> =>
    load(files, env).then(
      () => "accepted",
      (error: unknown) => (error instanceof ResearchError ? error.line : String(error)),
    );

  it("has defaults, with folders in the workspace", async () => {
    const settings = await load({});
    assert.equal(settings.depth, "standard");
    assert.equal(settings.maxSources, 10);
    assert.equal(settings.sessionStoragePath, path.join(folder.path, "data/sessions"));
  });

  it("takes the environment over .env over deep-research.yaml", async () => {
    const files = {
      ".env": "MAX_RESEARCH_SOURCES=7\nRESEARCH_DEPTH=deep\nOTHER=x\n",
      "deep-research.yaml": "depth: quick\nlogLevel: debug\n",
    };
    const settings = await load(files, { MAX_RESEARCH_SOURCES: "3" });
    assert.deepEqual([settings.maxSources, settings.depth, settings.logLevel], [3, "deep", "DEBUG"]);
  });

  it("names place, value and what is allowed", async () => {
    assert.match(
      await refusal({}, { RESEARCH_DEPTH: "deeper" }),
      /^RESEARCH_DEPTH is "deeper"; allowed: quick, standard or deep\./,
    );
    assert.match(
      await refusal({}, { MAX_RESEARCH_SOURCES: "0" }),
      /^MAX_RESEARCH_SOURCES is "0"; allowed: a whole number from 1 to 100/,
    );
    assert.match(
      await refusal({ "deep-research.yaml": "maxSources: many\n" }),
      /^maxSources in deep-research.yaml:\d+ is "many"/,
    );
    assert.match(
      await refusal({ "deep-research.yaml": "dept: quick\n" }),
      /unknown setting "dept"; allowed: environment, depth/,
    );
    assert.match(await refusal({ "deep-research.yaml": "{ depth: [" }), /not valid YAML/);
    assert.match(await refusal({ "deep-research.yaml": "- a\n" }), /must contain names and values/);
  });

  it("lets no workspace choose an address, a key or a folder outside", async () => {
    assert.match(await refusal({ ".env": "GEMINI_BASE_URL=http://evil.example\n" }), /refused/);
    assert.match(
      await refusal({ ".env": "ALLOWED_PRIVATE_HOSTS=127.0.0.1:80\n" }),
      /cannot be set by a workspace/,
    );
    assert.match(
      await refusal({ "deep-research.yaml": "allowedPrivateHosts: ['127.0.0.1:80']\n" }),
      /cannot be set by a workspace/,
    );
    assert.match(await refusal({ "deep-research.yaml": "geminiApiKey: x\n" }), /never read from a workspace/);
    assert.match(
      await refusal({ "deep-research.yaml": "reportOutputPath: ../elsewhere\n" }),
      /leads out of the workspace/,
    );
    assert.match(await refusal({ ".env": "SESSION_STORAGE_PATH=/tmp\n" }), /leads out of the workspace/);
  });

  it("lets no workspace keep sessions, reports or the cache where they do harm", async () => {
    const yaml = (text: string): Promise<string> => refusal({ "deep-research.yaml": text });
    for (const value of [
      ".",
      "./",
      "docs/..",
      "./.git/x",
      "sub/.GIT",
      "node_modules/x",
      "cache",
      "data/Cache",
    ]) {
      assert.match(
        await yaml(`sessionStoragePath: ${value}\n`),
        /^sessionStoragePath in deep-research\.yaml:\d+ is /,
        value,
      );
    }
    assert.match(await yaml("sessionStoragePath: .\n"), /must each be in a folder below the workspace/);
    assert.match(await yaml("sessionStoragePath: ..\n"), /leads out of the workspace/);
    assert.match(await yaml("sessionStoragePath: data/reports\n"), /reports use the same folder/);
    assert.match(await yaml("sessionStoragePath: Data/Reports\n"), /reports use the same folder/);
    for (const value of [".git", ".git/hooks", "docs/node_modules/a", "data/cache", "data/cache/objects"]) {
      assert.match(
        await yaml(`reportOutputPath: ${value}\n`),
        /^reportOutputPath in deep-research\.yaml:\d+ is /,
        value,
      );
    }
    assert.match(await refusal({ ".env": "SESSION_STORAGE_PATH=.\n" }), /^SESSION_STORAGE_PATH in \.env is /);
    for (const text of [
      "sessionStoragePath: kept",
      "sessionStoragePath: a/b/c",
      "reportOutputPath: .",
      "reportOutputPath: docs",
    ]) {
      assert.equal(await yaml(`${text}\n`), "accepted", text);
    }
  });

  it("follows no link to a folder, be it the default's, and lets the user choose another", async () => {
    const elsewhere = await aFolder({ "kept.txt": "mine" });
    try {
      for (const name of ["data", "data/sessions", "data/reports"]) {
        await load({ "data/other/a.md": "" });
        await rm(path.join(folder.path, "data"), { recursive: true });
        await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
        await symlink(elsewhere.path, path.join(folder.path, name));
        const again = (env: Record<string, string>): Promise<Settings> =>
          loadSettings(folder.path, [readEnvironmentSettings(env)]);
        await assert.rejects(again({}), (error: ResearchError) => {
          assert.equal(error.code, "bad-settings");
          assert.match(
            error.line,
            new RegExp(`^${name} is a link that leads to .*Remove the link, or set SESSION_STORAGE`),
          );
          return true;
        });
        const { problems } = await inspectSettings(folder.path, []);
        assert.deepEqual(
          problems.map(({ code }) => code),
          ["bad-settings"],
        );
        const own = {
          SESSION_STORAGE_PATH: path.join(elsewhere.path, "s"),
          REPORT_OUTPUT_PATH: path.join(elsewhere.path, "r"),
        };
        assert.equal((await again(own)).reportOutputPath, own.REPORT_OUTPUT_PATH);
        await folder.remove();
      }
      // A link that stays within the workspace leads to files that are not ours, too.
      await load({ "docs/a.md": "" });
      await symlink("docs", path.join(folder.path, "data"));
      await assert.rejects(loadSettings(folder.path, []), /data is a link that leads to docs/);
    } finally {
      await elsewhere.remove();
    }
  });

  it("takes a key from .env where it was accepted, unless git shares it", async () => {
    folder = await aFolder({ ".env": "GEMINI_API_KEY=fake-key-for-tests\n" });
    const file = path.join(folder.path, ".env");
    const { key, notAccepted } = await readTerminalEnvironment(folder.path, {});
    assert.deepEqual([key, notAccepted], [null, { file, key: "fake-key-for-tests" }]);
    const own = await readTerminalEnvironment(folder.path, { GEMINI_API_KEY: "fake-own" });
    assert.deepEqual([own.key, own.notAccepted], ["fake-own", null]);
    await acceptKey(folder.path, "fake-key-for-tests");
    assert.equal((await readTerminalEnvironment(folder.path, {})).key, "fake-key-for-tests");
    await writeFile(file, "GEMINI_API_KEY=another-key-for-tests\n");
    assert.equal(
      (await readTerminalEnvironment(folder.path, {})).key,
      null,
      "another key is not the accepted one",
    );
    await writeFile(file, "GEMINI_API_KEY=fake-key-for-tests\n");
    const git = (...args: string[]): Promise<unknown> =>
      promisify(execFile)("git", ["-C", folder.path, ...args]);
    await git("init", "-q");
    assert.equal((await readTerminalEnvironment(folder.path, {})).key, "fake-key-for-tests");
    await git("add", ".env");
    await assert.rejects(readTerminalEnvironment(folder.path, {}), /git tracks this \.env/);
    // What git cannot say counts as tracked.
    await writeFile(path.join(folder.path, ".git/index"), "damaged");
    await assert.rejects(readTerminalEnvironment(folder.path, {}), /git could not determine/);
    assert.equal(
      (await readTerminalEnvironment(folder.path, { GEMINI_API_KEY: "fake-own" })).key,
      "fake-own",
    );
  });

  it("reads no device, pipe or folder in a file's place, and waits for none", async function () {
    folder = await aFolder({});
    const [env, yaml] = [path.join(folder.path, ".env"), path.join(folder.path, "deep-research.yaml")];
    await mkdir(env);
    await mkdir(yaml);
    assert.equal((await readTerminalEnvironment(folder.path, {})).key, null, "a folder of another program");
    await assert.rejects(readYamlSettings(folder.path), {
      code: "bad-settings",
      message: /is not a regular file/,
    });
    for (const file of [env, yaml]) {
      await rm(file, { recursive: true });
      await writeFile(file, "#".repeat(1024 ** 2 + 1));
    }
    await assert.rejects(readTerminalEnvironment(folder.path, {}), /\.env is larger than 1 MB/);
    await assert.rejects(readYamlSettings(folder.path), /deep-research\.yaml is larger than 1 MB/);
    if (process.platform === "win32") return this.skip();
    for (const file of [env, yaml]) {
      await rm(file);
      execFileSync("mkfifo", [file]);
    }
    assert.equal((await readTerminalEnvironment(folder.path, {})).key, null);
    await assert.rejects(readYamlSettings(folder.path), /is not a regular file/);
  });

  it("stand in package.json as in the schema", async () => {
    folder = await aFolder();
    const Manifest = z.object({
      contributes: z.object({
        configuration: z.array(
          z.object({
            properties: z.record(
              z.string(),
              z.object({ default: z.unknown(), scope: z.string(), enum: z.array(z.string()).optional() }),
            ),
          }),
        ),
      }),
    });
    const { contributes } = Manifest.parse(JSON.parse(await readFile("package.json", "utf8")));
    const properties = Object.assign(
      {},
      ...contributes.configuration.map((each) => each.properties),
    ) as Record<string, { default: unknown; scope: string; enum?: string[] }>;
    assert.deepEqual(
      Object.keys(properties).sort(),
      SETTING_NAMES.map((name) => `deepResearch.${name}`).sort(),
    );
    for (const name of SETTING_NAMES) {
      const property = properties[`deepResearch.${name}`];
      const { schema, fallback, workspace } = SETTINGS[name];
      assert.deepEqual(property?.default, fallback, name);
      assert.equal(property.scope, workspace ? "resource" : "machine", name);
      for (const value of property.enum ?? [])
        assert.equal(schema.safeParse(value).success, true, `${name}: ${value}`);
      assert.equal(schema.safeParse({ not: "a value" }).success, false, name);
    }
  });

  it("reads an environment's names from the schema", () => {
    folder = { path: "", remove: () => Promise.resolve() };
    assert.equal(readEnvironmentSettings({ LOG_LEVEL: "WARN" }).values.logLevel, "WARN");
  });
});
