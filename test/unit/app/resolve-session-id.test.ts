import assert from "node:assert/strict";
import path from "node:path";
import { resolveSessionId, resolveSessionIds } from "../../../src/app/resolve-session-id.js";
import type { EngineConfig } from "../../../src/app/types.js";
import { formatMessage } from "../../../src/common/messages.js";
import { ResearchError } from "../../../src/common/errors.js";
import { aSession } from "../../fakes/sessions.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("a session that a user names", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let config: EngineConfig;
  beforeEach(async () => {
    folder = await aFolder();
    config = { settings: { sessionStoragePath: path.join(folder.path, "sessions") } } as EngineConfig;
  });
  afterEach(() => folder.remove());

  it("is found by its id, the beginning of its id, or as the last one", async () => {
    const sessions = config.settings.sessionStoragePath;
    const first = await aSession(sessions, { at: new Date("2026-11-21T10:00:00Z") });
    const second = await aSession(sessions, { at: new Date("2026-11-22T10:00:00Z") });
    assert.equal(await resolveSessionId(config, first.id), first.id);
    assert.equal(await resolveSessionId(config, "20261121"), first.id);
    assert.equal(await resolveSessionId(config, "last"), second.id);
    assert.deepEqual(await resolveSessionIds(config, ["last", "20261122"]), [second.id]);
  });

  it("is not guessed where several begin like this, or where too little is given", async () => {
    const sessions = config.settings.sessionStoragePath;
    const first = await aSession(sessions, { at: new Date("2026-11-21T10:00:00Z") });
    assert.equal(await resolveSessionId(config, "202"), "202");
    const second = await aSession(sessions, { at: new Date("2026-11-22T10:00:00Z") });
    await assert.rejects(resolveSessionId(config, "2026112"), (error: unknown) => {
      assert.ok(error instanceof ResearchError);
      assert.equal(error.code, "no-session");
      const text = formatMessage(error.text);
      assert.ok(text.includes(first.id) && text.includes(second.id), text);
      return true;
    });
  });

  it("stays as it is where nothing fits, and last needs a session", async () => {
    assert.equal(await resolveSessionId(config, "../../etc"), "../../etc");
    await assert.rejects(resolveSessionId(config, "last"), { code: "no-session" });
  });
});
