// The commands of docs/operations.md, in their order, in one folder and by a shell: what an operator does who knows nothing
// else. `docker` is test/container/docker.mjs.
import { after, before, describe, it } from "mocha";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildImage, findMissing } from "./build-image.mjs";
import { isRunningContainer, processOf, signalContainer } from "./containers.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const checkout = path.join(here, "../..");
const QUESTION = "What happens to a job whose worker dies?";
const USER = 40_000;

/** The commands of a section of the page. */
function commandsOf(heading) {
  const page = fs.readFileSync(path.join(checkout, "docs/operations.md"), "utf8");
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, heading);
  return section.split("\n").flatMap((line) => (line.startsWith("    ") ? [line.trim()] : []));
}

describe("docs/operations.md", function () {
  this.timeout(300_000);
  let folder;
  let work;
  let backups;
  let environment;
  const containers = [];

  before(async function () {
    this.timeout(900_000);
    if (findMissing() !== null) this.skip();
    const image = buildImage();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-operations-"));
    [work, backups] = ["work", "backups"].map((name) => path.join(folder, name));
    for (const name of ["work", "backups", "volumes", "bin"]) fs.mkdirSync(path.join(folder, name));
    fs.cpSync(path.join(checkout, "media/sample/docs"), path.join(work, "docs"), { recursive: true });
    for (const each of [work, backups]) fs.chownSync(each, USER, USER);
    fs.writeFileSync(path.join(folder, "image.json"), JSON.stringify(image));
    const script = (name, text) =>
      fs.writeFileSync(path.join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    script("docker", `exec "${process.execPath}" "${path.join(here, "docker.mjs")}" "$@"`);
    // An operator is nobody in particular.
    script("id", `echo ${USER}`);
    environment = {
      PATH: `${path.join(folder, "bin")}:${process.env.PATH}`,
      CONTAINER_IMAGE: path.join(folder, "image.json"),
      CONTAINER_VOLUMES: path.join(folder, "volumes"),
    };
    containers.push("volumes-question", "volumes-backup");
  });
  after(() => {
    for (const id of containers) if (isRunningContainer(id)) signalContainer({ id }, "KILL");
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command of the page as its reader would. @returns what it printed */
  const run = async (command) => {
    const filled = command
      .replace("/path/to/a/folder", work)
      .replace("/path/to/backups", backups)
      .replace("QUESTION", QUESTION)
      .replace(/\bID\b/, () => sessions().find(({ status }) => status !== "done")?.id ?? "")
      .replace("FILE", () => zips().at(-1) ?? "");
    const exported = /^export (.+)$/.exec(filled);
    const line = exported === null ? filled : `${filled}; env`;
    const { code, stdout, stderr } = await new Promise((resolve) => {
      execFile("/bin/sh", ["-c", line], { cwd: checkout, env: environment }, (error, out, said) =>
        resolve({ code: error?.code ?? 0, stdout: out, stderr: said }),
      );
    });
    assert.equal(code, 0, `${command}\n${stdout}${stderr}`);
    if (exported !== null) {
      for (const name of ["WORKSPACE", "BACKUPS", "RESEARCH_USER"])
        environment[name] = new RegExp(`^${name}=(.*)$`, "m").exec(stdout)[1];
    }
    return stdout + stderr;
  };
  const zips = () =>
    fs
      .readdirSync(backups)
      .filter((name) => name.endsWith(".zip"))
      .sort();
  let listed = [];
  const sessions = () => listed;
  const waitFor = async (what) => {
    const start = performance.now();
    while (!what()) {
      assert.ok(performance.now() - start < 60_000, `waited for ${what}`);
      await setTimeout(50);
    }
  };

  it("gets an operator from the checkout to an answer and a backup with five commands", async () => {
    const commands = commandsOf("Deploy");
    assert.equal(commands.length, 5);
    let said = "";
    for (const command of commands) said = (await run(command)) || said;
    const [report] = fs.readdirSync(path.join(work, "data/reports"));
    assert.match(fs.readFileSync(path.join(work, "data/reports", report), "utf8"), /\[\[1\.1\]\]/);
    await waitFor(() => zips().length === 1);
  });

  it("shows how to see that all is well", async () => {
    const outputs = [];
    for (const command of commandsOf("Monitor")) outputs.push(await run(command));
    const [running, health, stats, log] = outputs;
    assert.match(running, /volumes-backup/);
    assert.match(health, /"ok": true/);
    assert.match(stats, /\{/);
    assert.match(log, /1 session and 1 report/);
  });

  it("brings a run that was stopped in the middle to its end", async () => {
    const [start, stop, list, resume] = commandsOf("Restart in the middle of a run");
    await run(start);
    const begun = () => fs.readFileSync(path.join(folder, "volumes/question.log"), "utf8");
    await waitFor(() => begun().includes("Started "));
    process.kill(processOf({ id: "volumes-question" }), "SIGSTOP");
    assert.ok(!begun().includes("Ended:"));
    await run(stop);
    const lines = (await run(list)).trim().split("\n");
    listed = lines.map((line) => ({ id: line.split("  ")[0], status: line.split("  ")[1] }));
    assert.equal(listed.filter(({ status }) => status === "cancelled").length, 1);
    assert.match(await run(resume), /data\/reports\//);
    assert.equal(fs.readdirSync(path.join(work, "data/reports")).length, 2);
  });

  it("brings everything back from the last backup after the data is gone", async () => {
    for (const command of commandsOf("Back up")) await run(command);
    const before = fs.readdirSync(path.join(work, "data/reports"));
    fs.rmSync(path.join(work, "data"), { recursive: true });
    for (const command of commandsOf("Restore")) await run(command);
    assert.deepEqual(fs.readdirSync(path.join(work, "data/reports")), before);
  });

  it("replaces the service by that of a new version", async () => {
    const number = zips().length;
    for (const command of commandsOf("Upgrade")) await run(command);
    assert.match(await run("docker compose ps"), /volumes-backup/);
    // It has stopped by itself, and begun again it makes none too many.
    assert.equal(zips().length, number);
  });

  it("needs no more than ten commands from the checkout to the restored backup", () => {
    const path = ["Deploy", "Restart in the middle of a run", "Restore"].flatMap(commandsOf);
    // Looking at the list is not counted: the run prints the session's name.
    assert.ok(path.filter((command) => !command.endsWith(" sessions")).length <= 10, path.join("\n"));
  });
});
