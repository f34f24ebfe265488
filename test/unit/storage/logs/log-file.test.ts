import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { OLD_LOG_FILES, openLogFile } from "../../../../src/storage/logs/log-file.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

describe("a log file", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  const failures: string[] = [];
  beforeEach(async () => {
    failures.length = 0;
    folder = await aFolder();
  });
  afterEach(() => folder.remove());
  const at = (name: string): string => path.join(folder.path, name);
  const openAt = (name: string, maxBytes = 10_000) =>
    openLogFile(folder.path, name, maxBytes, (why) => failures.push(why));

  it("is appended to, readable by its owner alone, in a folder that is made", () => {
    openAt("logs/run.log").write("first");
    openAt("logs/run.log").write("second");
    assert.equal(readFileSync(at("logs/run.log"), "utf8"), "first\nsecond\n");
    if (process.platform !== "win32") assert.equal(statSync(at("logs/run.log")).mode & 0o777, 0o600);
  });

  it("never grows beyond its bound, and keeps the newest lines in a bounded number of files", () => {
    const log = openAt("run.log", 1000);
    for (let line = 0; line < 500; line++) log.write(`${line} ${"x".repeat(90)}`);
    const names = readdirSync(folder.path).sort();
    assert.deepEqual(names, ["run.log", "run.log.1", "run.log.2", "run.log.3"]);
    assert.equal(names.length, OLD_LOG_FILES + 1);
    for (const name of names) assert.ok(statSync(at(name)).size <= 1000, name);
    assert.match(readFileSync(at("run.log"), "utf8"), /^499 x+\n$/m);
    const all = names.toReversed().flatMap((name) => readFileSync(at(name), "utf8").trim().split("\n"));
    const numbers = all.map((line) => Number.parseInt(line, 10));
    assert.deepEqual(
      numbers,
      Array.from(numbers, (_, index) => 500 - numbers.length + index),
    );
  });

  it("cuts a line that is longer than anyone reads", () => {
    openAt("run.log", 1_000_000).write("x".repeat(1_000_000));
    assert.equal(statSync(at("run.log")).size, 64 * 1024 + 1);
  });

  it("says once why it cannot be written, and ends no run", () => {
    writeFileSync(at("outside"), "as it was");
    symlinkSync(at("outside"), at("link.log"));
    mkdirSync(at("folder.log"));
    for (const name of ["link.log", "folder.log", "outside/run.log"]) {
      failures.length = 0;
      const log = openAt(name);
      log.write("a");
      log.write("b");
      assert.equal(failures.length, 1, name);
      assert.match(failures[0] ?? "", /\((?:ELOOP|EISDIR|ENOTDIR|EEXIST)\)$/, name);
    }
    assert.equal(readFileSync(at("outside"), "utf8"), "as it was");
    assert.ok(lstatSync(at("link.log")).isSymbolicLink());
  });
});
