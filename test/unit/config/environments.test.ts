import assert from "node:assert/strict";
import {
  inspectSettings,
  loadSettings,
  parseYamlSettings,
  readEnvironmentSettings,
} from "../../../src/config/load-settings.js";
import { createSettingsLayer } from "../../../src/app/load-config.js";
import { tmpdir } from "node:os";
import path from "node:path";

const FOLDER = path.join(tmpdir(), "a-workspace");
const environment = (env: Record<string, string>) => readEnvironmentSettings(env);
const uiLayer = (values: Record<string, unknown>, workspace: boolean) =>
  createSettingsLayer(
    (setting) => `deepResearch.${setting}`,
    (setting) => values[setting],
    workspace,
  );

describe("environments", () => {
  it("change defaults, which any place overrides", async () => {
    const staging = await loadSettings(FOLDER, [environment({ RESEARCH_ENV: "staging" })]);
    assert.deepEqual(
      [staging.maxSources, staging.maxCalls, staging.maxUsd, staging.logLevel],
      [3, 60, 0.25, "INFO"],
    );
    const more = await loadSettings(FOLDER, [
      environment({ RESEARCH_ENV: "staging", MAX_RESEARCH_SOURCES: "8" }),
      parseYamlSettings("maxUsd: 0\n"),
    ]);
    assert.deepEqual([more.maxSources, more.maxCalls, more.maxUsd], [8, 60, 0]);
    const development = await loadSettings(FOLDER, [environment({ RESEARCH_ENV: "development" })]);
    assert.deepEqual([development.maxSources, development.logLevel], [10, "DEBUG"]);
    assert.deepEqual((await loadSettings(FOLDER, [])).maxSources, 10);
  });

  it("are the user's before the workspace's, so that a workspace cannot let something leave", async () => {
    const places = [
      uiLayer({ environment: "production" }, true),
      uiLayer({ environment: "development" }, false),
    ];
    assert.equal((await loadSettings(FOLDER, places)).environment, "development");
    assert.equal((await inspectSettings(FOLDER, places)).settings.environment, "development");
    assert.equal(
      (await loadSettings(FOLDER, [parseYamlSettings("environment: staging\n")])).environment,
      "staging",
    );
  });

  it("take features of all places together, and from a workspace only what is off", async () => {
    const places = [
      environment({ RESEARCH_FEATURES: "cache=on,pageReading=off" }),
      parseYamlSettings("features:\n  cache: false\n  statistics: false\n"),
    ];
    const features = { cache: true, pageReading: false, statistics: false };
    assert.deepEqual((await loadSettings(FOLDER, places)).features, features);
    const inspected = await inspectSettings(FOLDER, places);
    assert.deepEqual(inspected.settings.features, features);
    assert.deepEqual(inspected.set, [
      { setting: "features", where: "RESEARCH_FEATURES, features in deep-research.yaml:1" },
    ]);
    await assert.rejects(
      loadSettings(FOLDER, [parseYamlSettings("features:\n  pageReading: true\n")]),
      /features in deep-research\.yaml:\d+ turns on “pageReading”; a workspace can only turn features off/,
    );
  });

  it("allow faults in development only, and never from a workspace", async () => {
    const faults = { RESEARCH_FAULTS: "model:overloaded:2" };
    const { faults: found } = await loadSettings(FOLDER, [
      environment({ ...faults, RESEARCH_ENV: "development" }),
    ]);
    assert.deepEqual(found, [{ part: "model", code: "overloaded", every: 2 }]);
    await assert.rejects(
      loadSettings(FOLDER, [environment(faults)]),
      /RESEARCH_FAULTS injects faults, which only the development environment allows; this is production/,
    );
    const { problems } = await inspectSettings(FOLDER, [environment(faults)]);
    assert.match(problems[0]?.message ?? "", /injects faults/);
    await assert.rejects(
      loadSettings(FOLDER, [parseYamlSettings("environment: development\nfaults: model:timeout\n")]),
      /cannot be set by a workspace/,
    );
  });

  it("say which defaults are theirs", async () => {
    const { byEnvironment } = await inspectSettings(FOLDER, [
      environment({ RESEARCH_ENV: "staging", MAX_RESEARCH_USD: "1" }),
    ]);
    assert.deepEqual(byEnvironment, ["maxSources", "maxCalls"]);
  });
});
