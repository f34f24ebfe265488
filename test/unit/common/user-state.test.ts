import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  acceptKey,
  forgetKey,
  isKeyAccepted,
  machineSecret,
  userStateFolder,
} from "../../../src/common/user-state.js";
import { aFolder } from "../../fakes/temporary-folder.js";

const KEY = "fake-key-of-a-folder";

describe("what a user decided on this machine", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let state: string;
  let workspace: string;
  const before = process.env["DEEP_RESEARCH_STATE"];

  beforeEach(async () => {
    folder = await aFolder({ "work/a.md": "" });
    state = path.join(folder.path, "home/state");
    workspace = path.join(folder.path, "work");
    process.env["DEEP_RESEARCH_STATE"] = state;
  });
  afterEach(async () => {
    process.env["DEEP_RESEARCH_STATE"] = before;
    await folder.remove();
  });

  it("lies where the system keeps such things, and nowhere in the current folder", () => {
    const home = os.homedir();
    const unset = { DEEP_RESEARCH_STATE: undefined };
    assert.equal(userStateFolder(unset, "linux"), path.join(home, ".config/deep-research"));
    assert.equal(userStateFolder({ XDG_CONFIG_HOME: "/x" }, "linux"), "/x/deep-research");
    assert.equal(
      userStateFolder({ XDG_CONFIG_HOME: "x" }, "linux"),
      path.join(home, ".config/deep-research"),
    );
    assert.equal(
      userStateFolder(unset, "darwin"),
      path.join(home, "Library/Application Support/deep-research"),
    );
    assert.equal(userStateFolder({ APPDATA: "/roaming" }, "win32"), path.join("/roaming", "deep-research"));
    assert.equal(userStateFolder({ DEEP_RESEARCH_STATE: "/own" }, "linux"), "/own");
    assert.equal(
      userStateFolder({ DEEP_RESEARCH_STATE: "own" }, "linux"),
      path.join(home, ".config/deep-research"),
    );
  });

  it("remembers a key for a folder by its real path, without the key, for the user alone", async () => {
    assert.equal(await isKeyAccepted(workspace, KEY), false);
    await acceptKey(workspace, KEY);
    assert.equal(await isKeyAccepted(workspace, KEY), true);
    const link = path.join(folder.path, "link");
    await symlink(workspace, link);
    assert.equal(await isKeyAccepted(link, KEY), true);
    assert.equal(await isKeyAccepted(workspace, `${KEY}-2`), false);
    assert.equal(await isKeyAccepted(folder.path, KEY), false);
    for (const name of await readdir(state)) {
      const file = path.join(state, name);
      assert.equal((await readFile(file, "utf8")).includes(KEY), false);
      if (process.platform !== "win32") assert.equal((await stat(file)).mode & 0o777, 0o600);
    }
    if (process.platform !== "win32") assert.equal((await stat(state)).mode & 0o777, 0o700);
    assert.deepEqual([await forgetKey(workspace), await forgetKey(workspace)], [true, false]);
    assert.equal(await isKeyAccepted(workspace, KEY), false);
  });

  it("takes damaged content for none, and writes it anew", async () => {
    await mkdir(state, { recursive: true });
    for (const text of [
      "",
      "{",
      "[]",
      '{"version":2,"folders":{}}',
      '{"version":1,"folders":{"__proto__":1}}',
    ]) {
      await writeFile(path.join(state, "accepted-keys.json"), text);
      assert.equal(await isKeyAccepted(workspace, KEY), false, text);
    }
    await acceptKey(workspace, KEY);
    assert.equal(await isKeyAccepted(workspace, KEY), true);
    await writeFile(path.join(state, "machine-secret"), "not a secret");
    assert.equal((await machineSecret())?.length, 32);
    assert.match(await readFile(path.join(state, "machine-secret"), "utf8"), /^[0-9a-f]{64}\n$/);
  });

  it("has one secret, whoever comes first", async () => {
    const [one, two] = await Promise.all([machineSecret(), machineSecret()]);
    assert.deepEqual(one, two);
    assert.equal((await readFile(path.join(state, "machine-secret"), "utf8")).trim(), one?.toString("hex"));
  });

  it("fails only where something has to be remembered, and names the file then", async () => {
    // A file in the folder's place: nobody can write there, whoever runs the test.
    await mkdir(path.dirname(state), { recursive: true });
    await writeFile(state, "");
    assert.equal(await isKeyAccepted(workspace, KEY), false);
    assert.equal(await forgetKey(workspace), false);
    assert.equal(await machineSecret(), null);
    await assert.rejects(acceptKey(workspace, KEY), (error: Error & { code: string; line: string }) => {
      assert.equal(error.code, "cannot-write");
      assert.ok(error.message.includes(state), error.message);
      assert.match(error.line, /DEEP_RESEARCH_STATE/);
      return true;
    });
    await chmod(state, 0o600);
  });
});
