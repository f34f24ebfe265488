import assert from "node:assert/strict";
import path from "node:path";
import {
  createSettingsLayer,
  findSessionsFolder,
  loadEngineConfig,
  loadEnvironmentConfig,
  loadWorkspaceSettings,
} from "../../../src/app/load-config.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("the configuration of a folder", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder({ "deep-research.yaml": "depth: deep\nmaxSources: 5\n" });
  });
  afterEach(() => folder.remove());

  const layer = (values: Record<string, unknown>, workspace = false) =>
    createSettingsLayer(
      (setting) => `test.${setting}`,
      (setting) => values[setting],
      workspace,
    );

  it("comes from the given layers, strongest first, then from deep-research.yaml", async () => {
    const layers = [layer({ depth: "quick" }), layer({ depth: "standard", maxUsd: 2 })];
    const { depth, maxSources, maxUsd } = await loadWorkspaceSettings(folder.path, layers);
    assert.deepEqual([depth, maxSources, maxUsd], ["quick", 5, 2]);
  });

  it("names the layer whose value is wrong, and lets a workspace set no address", async () => {
    const load = (...layers: ReturnType<typeof layer>[]) => loadWorkspaceSettings(folder.path, layers);
    await assert.rejects(load(layer({ depth: "x" })), /test\.depth is "x"/);
    await assert.rejects(
      load(layer({ searxngUrl: "http://x.example" }, true)),
      /searxngUrl cannot be set by a workspace/,
    );
  });

  it("takes a backup's settings in place of the folder's, which must be valid on their own", async () => {
    const stronger = [layer({ depth: "quick" })];
    const { maxSources } = await loadWorkspaceSettings(folder.path, stronger, "maxSources: 7\n");
    assert.equal(maxSources, 7);
    await assert.rejects(loadWorkspaceSettings(folder.path, stronger, "depth: x\n"), {
      code: "bad-settings",
    });
  });

  it("has Gemini's address from the machine alone", async () => {
    const environment = { GEMINI_BASE_URL: "http://127.0.0.1:9" };
    const config = await loadEngineConfig(folder.path, [], "a key", environment);
    assert.deepEqual([config.key, config.baseUrl], ["a key", "http://127.0.0.1:9"]);
    await assert.rejects(loadEngineConfig(folder.path, [], null, { GEMINI_BASE_URL: "x" }), {
      code: "bad-settings",
    });
  });

  it("comes from flags, then the environment, in a terminal", async () => {
    const environment = { RESEARCH_DEPTH: "standard", MAX_RESEARCH_SOURCES: "9", GEMINI_API_KEY: "k" };
    const { config, notAccepted } = await loadEnvironmentConfig(
      folder.path,
      layer({ depth: "quick" }),
      environment,
    );
    const { settings, key, baseUrl, workspace } = config;
    assert.deepEqual([settings.depth, settings.maxSources], ["quick", 9]);
    assert.deepEqual([key, baseUrl, workspace, notAccepted], ["k", null, folder.path, null]);
  });

  it("says where sessions are, even where other values are wrong", async () => {
    const layers = [layer({ depth: "x", sessionStoragePath: "./research/sessions" })];
    assert.equal(
      await findSessionsFolder(folder.path, layers),
      path.join(folder.path, "research", "sessions"),
    );
    const broken = await aFolder({ "deep-research.yaml": "- not\n- settings\n" });
    assert.equal(await findSessionsFolder(broken.path, []), null);
    await broken.remove();
  });
});
