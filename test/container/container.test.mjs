// The image as it is built from the Dockerfile, and its services as compose.yaml runs them.
import { afterEach, before, beforeEach, describe, it } from "mocha";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildImage, findMissing } from "./build-image.mjs";
import { executeIn, processOf, signalContainer, startContainer } from "./containers.mjs";

const checkout = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const QUESTION = "What happens to a job whose worker dies?";
/** Nobody's: what the containers write is to belong to whom RESEARCH_USER names. */
const USER = 40_000;

describe("the container", function () {
  this.timeout(120_000);
  let image;
  let folder;

  before(async function () {
    this.timeout(900_000);
    const missing = findMissing();
    if (missing !== null) {
      console.log(`The container is not tried: ${missing}.`);
      this.skip();
    }
    image = buildImage();
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-container-"));
    for (const name of ["work", "backups"]) fs.mkdirSync(path.join(folder, name));
    fs.cpSync(path.join(checkout, "media/sample/docs"), path.join(folder, "work/docs"), { recursive: true });
    for (const name of ["work", "backups"]) fs.chownSync(path.join(folder, name), USER, USER);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const start = (service, options) =>
    startContainer(image, service, {
      project: folder,
      volumes: path.join(folder, "volumes"),
      ...options,
      env: { WORKSPACE: "./work", BACKUPS: "./backups", RESEARCH_USER: `${USER}:${USER}`, ...options.env },
    });
  const run = async (args, options = {}) => {
    const container = start("research", { args, ...options });
    const code = await container.ended;
    return { code, ...container.written };
  };
  const inNode = (program, options) => run(["-e", program], { entrypoint: ["/nodejs/bin/node"], ...options });
  /** Starts a research that has begun and is stopped there, and its session. */
  const startAndPause = async (options = {}) => {
    const container = start("research", { args: [QUESTION, "--no-cache"], ...options });
    while (!container.written.stderr.includes("Started ")) await setTimeout(5);
    const pid = processOf(container);
    process.kill(pid, "SIGSTOP");
    assert.ok(!container.written.stderr.includes("Ended:"), "the research is still running");
    return { container, pid, id: /Started (\S+)/.exec(container.written.stderr)[1] };
  };

  it("has neither a shell nor a package manager, and is small", async () => {
    const { stdout } = await inNode(
      `const found = ["sh", "bash", "dash", "busybox", "apt", "dpkg", "npm"].filter((name) =>
         ["/bin", "/usr/bin", "/usr/local/bin", "/nodejs/bin"].some((folder) => require("fs").existsSync(folder + "/" + name)));
       console.log(JSON.stringify(found));`,
    );
    assert.equal(stdout, "[]\n");
    const bytes = Number(execFileSync("du", ["-sbx", image.root], { encoding: "utf8" }).split("\t")[0]);
    assert.ok(bytes < 170e6, `${bytes} bytes`);
    assert.ok(!fs.readdirSync(path.join(image.root, "app/dist")).some((name) => name.endsWith(".map")));
    assert.equal(fs.existsSync(path.join(image.root, "app/dist/THIRD_PARTY_NOTICES.txt")), true);
  });

  it("runs as nobody, with no capability, on a file system that it cannot change", async () => {
    const { stdout, stderr } = await inNode(
      `const fs = require("fs");
       const write = (file) => { try { fs.writeFileSync(file, ""); return "written"; } catch (error) { return error.code; } };
       const status = fs.readFileSync("/proc/self/status", "utf8");
       const of = (name) => new RegExp("^" + name + ":\\\\s*(.*)$", "m").exec(status)[1];
       console.log(JSON.stringify({
         uid: process.getuid(), gid: process.getgid(), pid: process.pid,
         capabilities: [of("CapEff"), of("CapPrm"), of("CapBnd")], noNewPrivileges: of("NoNewPrivs"),
         writes: ["/x", "/app/x", "/nodejs/x", "/tmp/x", "/work/x", "/state/x", "/backups/x"].map(write),
       }));`,
    );
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), {
      uid: USER,
      gid: USER,
      pid: 1,
      capabilities: Array(3).fill("0".repeat(16)),
      noNewPrivileges: "1",
      writes: ["EROFS", "EROFS", "EROFS", "written", "written", "written", "written"],
    });
    // Without RESEARCH_USER it is the image's own user.
    assert.equal(image.config.User, "65532:65532");
    const own = await inNode("console.log(process.getuid())", { env: { RESEARCH_USER: "" } });
    assert.equal(own.stdout, "65532\n");
  });

  it("answers a question about the mounted folder, and verifies the report", async () => {
    const asked = await run([QUESTION]);
    assert.equal(asked.code, 0, asked.stderr);
    const report = path.join(folder, "work", asked.stdout.trim());
    assert.match(fs.readFileSync(report, "utf8"), /source-1/);
    assert.equal(fs.statSync(report).uid, USER);
    const verified = await run(["verify", "data/reports"]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    // The session is known as one of this machine in the next container, too.
    const [session] = JSON.parse((await run(["sessions", "--json"])).stdout);
    assert.equal(session.status, "done");
  });

  it("is healthy, says so as JSON and by its health check, and is not without its folder", async () => {
    const { code, stdout, stderr } = await run(["health", "--json"]);
    assert.equal(code, 0, stdout + stderr);
    assert.equal(JSON.parse(stdout).ok, true);
    const { container } = await startAndPause();
    const [kind, ...check] = image.config.Healthcheck.Test;
    assert.equal(kind, "CMD");
    assert.equal(await executeIn(container, check), 0);
    fs.chmodSync(path.join(folder, "work/data/sessions"), 0o500);
    assert.equal(await executeIn(container, check), 1, "the sessions folder cannot be written to");
    fs.chmodSync(path.join(folder, "work/data/sessions"), 0o700);
    signalContainer(container, "KILL");
    await container.ended;
  });

  it("leaves a session that can be resumed when it is stopped in the middle of a run", async () => {
    const { container, pid, id } = await startAndPause();
    signalContainer(container, image.config.StopSignal);
    const stoppedAt = performance.now();
    process.kill(pid, "SIGCONT");
    assert.equal(await container.ended, 130, container.written.stderr);
    assert.ok(performance.now() - stoppedAt < 30_000, "within the time that compose.yaml gives it");
    assert.equal(JSON.parse((await run(["sessions", "--json"])).stdout)[0].status, "cancelled");
    const resumed = await run(["resume", id]);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal((await run(["verify", resumed.stdout.trim()])).code, 0);
  });

  /** Whether the container's first process is the program, not yet or no longer the runtime. */
  const isProgramStarted = (container) => {
    try {
      return fs.readFileSync(`/proc/${processOf(container)}/cmdline`, "utf8").includes("cli.js");
    } catch {
      return false;
    }
  };

  it("ends at once when it is stopped in a command that is no run", async () => {
    const container = start("research", { args: ["health"] });
    let isEnded = false;
    void container.ended.then(() => (isEnded = true));
    // A signal to what starts the container would end that; the program itself ignores the first ones.
    while (!isEnded && !isProgramStarted(container)) await setTimeout(5);
    while (!isEnded) {
      try {
        signalContainer(container, image.config.StopSignal);
      } catch {
        // It has ended.
      }
      await setTimeout(20);
    }
    assert.equal(await container.ended, 130, container.written.stdout);
  });

  it("takes no session from another container with its host name, and resumes it once that was killed", async () => {
    const hostname = "research";
    const { container, id } = await startAndPause({ hostname });
    const refused = await run(["resume", id], { hostname });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /already running in another container on research/);
    signalContainer(container, "KILL");
    await container.ended;
    // A minute without a sign of life.
    const lock = path.join(folder, "work/data/sessions", id, "lock");
    const longAgo = new Date(Date.now() - 61_000);
    fs.utimesSync(lock, longAgo, longAgo);
    const resumed = await run(["resume", id], { hostname });
    assert.equal(resumed.code, 0, resumed.stderr);
  });
});
