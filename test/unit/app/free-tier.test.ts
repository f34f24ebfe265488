import assert from "node:assert/strict";
import { describeFreeTierLimit } from "../../../src/app/free-tier.js";
import { formatMessage } from "../../../src/common/messages.js";
import { loadSettings } from "../../../src/config/load-settings.js";

describe("the limit of the free tier", () => {
  it("is told where a run may take more calls than a day allows, and not without a key", async () => {
    const workspace = process.cwd();
    const config = { workspace, settings: await loadSettings(workspace, []), baseUrl: null };
    const request = { depth: "standard", maxSources: 10, scope: ["workspace"] } as const;
    const asked = { ...request, scope: [...request.scope] };
    const limit = describeFreeTierLimit({ ...config, key: "key" }, asked);
    assert.match(
      limit === null ? "" : formatMessage(limit),
      /up to \d\d calls; Google’s free tier allows about 20 a day/,
    );
    assert.equal(describeFreeTierLimit({ ...config, key: null }, asked), null);
  });
});
