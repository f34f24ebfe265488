import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { aFolder } from "../../fakes/temporary-folder.js";

/* Known faults of the packages inside end the tests; a registry that does not tell does not. */

/** What a registry says about a package, which npm asks for once there is an advisory. */
const packageAt = (url: string) => ({
  name: decodeURIComponent(url.slice(1)),
  "dist-tags": {},
  versions: {},
});

describe("the check for advisories", function () {
  this.timeout(60_000);

  /** Runs the check against a registry that answers so. */
  const check = async (status: number, answer: unknown): Promise<{ code: number; said: string }> => {
    const server = createServer((request, response) => {
      request.resume();
      const shown = request.method === "GET" ? packageAt(request.url ?? "") : answer;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(shown));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    // npm remembers advisories by their numbers.
    const cache = await aFolder();
    try {
      return await new Promise((resolve) => {
        execFile(
          process.execPath,
          ["test/package/check-advisories.mjs"],
          {
            env: {
              ...process.env,
              npm_config_registry: `http://127.0.0.1:${port}/`,
              npm_config_cache: cache.path,
            },
          },
          (error, said) => resolve({ code: error === null ? 0 : Number(error.code), said }),
        );
      });
    } finally {
      server.closeAllConnections();
      server.close();
      await cache.remove();
    }
  };
  const advisory = (severity: string) => ({
    yaml: [
      {
        id: 1,
        url: "https://advisories.test/1",
        title: "Reads too much",
        severity,
        vulnerable_versions: "*",
      },
    ],
  });

  it("fails for one that is serious, and names it", async () => {
    const { code, said } = await check(200, advisory("high"));
    assert.equal(code, 1, said);
    assert.match(said, /yaml .*\(high\): Reads too much, https:\/\/advisories\.test\/1/);
  });

  it("passes where there is none, and names one that is not serious", async () => {
    assert.deepEqual(await check(200, {}), {
      code: 0,
      said: "Advisories: none that is high or critical, 0 others.\n",
    });
    const { code, said } = await check(200, advisory("low"));
    assert.equal(code, 0);
    assert.match(said, /yaml .*\(low\)/);
  });

  it("says that nothing was checked where the registry does not answer", async () => {
    for (const status of [405, 503]) {
      const { code, said } = await check(status, {});
      assert.equal(code, 0);
      assert.match(said, /Advisories were not checked/);
    }
  });
});
