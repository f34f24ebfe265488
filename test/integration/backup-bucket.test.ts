import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cp, readdir, rm } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { AwsClient } from "aws4fetch";
import * as z from "zod";
import { readBucketAccess } from "../../src/storage/files/bucket-access.js";
import { S3Store } from "../../src/storage/files/s3-store.js";
import { describeFileStore } from "../fakes/file-store-contract.js";
import { programEnvironment } from "../fakes/run-program.js";
import { startFakeS3, type FakeS3 } from "../fakes/s3-server.js";
import { aFolder } from "../fakes/temporary-folder.js";

/* Backups in a bucket: by the built program, and against a server that others wrote where Python's moto is installed. */

const CLI = path.resolve("dist/cli.js");

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function run(
  workspace: string,
  args: string[],
  env: Record<string, string>,
  stopAfter = "",
): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: workspace, env: programEnvironment(env) });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    ended.stdout += String(chunk);
    if (stopAfter !== "" && ended.stdout.includes(stopAfter)) child.kill("SIGTERM");
  });
  child.stderr.on("data", (chunk) => (ended.stderr += String(chunk)));
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return { ...ended, code: child.exitCode };
}

const Answer = z.object({ session: z.string(), report: z.string() });
const Backup = z.object({ file: z.string(), sessions: z.number(), removed: z.array(z.string()) });

/** Answers a question, and takes it to a bucket and back. */
async function takeThere(environment: Record<string, string>, address: string): Promise<void> {
  const folder = await aFolder();
  try {
    const workspace = path.join(folder.path, "w");
    await cp("test/e2e/workspace", workspace, { recursive: true });
    const asked = await run(
      workspace,
      ["How does a crashed run continue?", "--depth", "quick", "--json"],
      {},
    );
    const { session, report } = Answer.parse(JSON.parse(asked.stdout));
    const made = await run(workspace, ["backup", address, "--json"], environment);
    assert.equal(made.code, 0, made.stderr);
    const { file, sessions } = Backup.parse(JSON.parse(made.stdout));
    assert.match(file, /^s3:\/\/backups\/night\/deep-research-backup-\d{8}-\d{6}\.zip$/);
    assert.equal(sessions, 1);

    await rm(path.join(workspace, "data"), { recursive: true });
    const newest = await run(workspace, ["restore", address], environment);
    assert.equal(newest.code, 0, newest.stderr);
    assert.ok(newest.stderr.includes(`Restoring ${file}`), newest.stderr);
    assert.ok((await readdir(path.join(workspace, "data/sessions"))).includes(session));
    assert.equal((await run(workspace, ["verify", report], {})).code, 0);

    const again = await run(workspace, ["restore", file, "--json"], environment);
    assert.equal(
      z.object({ restored: z.number() }).parse(JSON.parse(again.stdout)).restored,
      0,
      again.stderr,
    );
  } finally {
    await folder.remove();
  }
}

describe("backups in a bucket", function () {
  this.timeout(60_000);
  let server: FakeS3;
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    server = await startFakeS3();
    folder = await aFolder({ "notes.md": "# Notes" });
  });
  afterEach(async () => {
    await server.close();
    await folder.remove();
  });
  const backUp = (args: string[], more: Record<string, string> = {}, stopAfter = ""): Promise<Ended> =>
    run(folder.path, ["backup", ...args], { ...server.environment, ...more }, stopAfter);

  it("are written, found and restored, and a report stands again", () =>
    takeThere(server.environment, "s3://backups/night"));

  it("are kept by number, also at an interval", async () => {
    const old = ["25", "26", "27"].map((day) => `night/deep-research-backup-202611${day}-020000.zip`);
    for (const key of [...old, "night/notes.md", "other/x.zip"]) server.objects.set(key, Buffer.from("x"));
    const once = await backUp(["s3://backups/night", "--keep", "2", "--json"]);
    const { file, removed } = Backup.parse(JSON.parse(once.stdout));
    assert.deepEqual(removed, [`s3://backups/${old[1]}`, `s3://backups/${old[0]}`]);
    const left = [old[2] ?? "", file.replace("s3://backups/", ""), "night/notes.md", "other/x.zip"];
    assert.deepEqual([...server.objects.keys()].sort(), left.sort());

    await new Promise((resolve) => setTimeout(resolve, 1000));
    const repeated = await backUp(
      ["s3://backups/night", "--every", "1s", "--keep", "1"],
      {},
      "deep-research-backup-",
    );
    assert.equal(repeated.code, 0, repeated.stderr);
    assert.equal([...server.objects.keys()].filter((key) => key.endsWith(".zip")).length, 2, repeated.stdout);
  });

  it("say what is wrong: the key, the bucket, the address, a backup that is not there", async () => {
    const wrong: [string[], Record<string, string>, number, RegExp][] = [
      [
        ["backup", "s3://backups"],
        { AWS_SECRET_ACCESS_KEY: "wrong-secret" },
        1,
        /refuses access to the bucket backups/,
      ],
      [["backup", "s3://nobodys"], {}, 1, /The bucket nobodys does not exist/],
      [["backup", "s3://backups"], { AWS_ACCESS_KEY_ID: "" }, 2, /AWS_ACCESS_KEY_ID is not set/],
      [["backup", "s3://Not_A_Bucket/x"], {}, 2, /allowed: s3:\/\/BUCKET or s3:\/\/BUCKET\/PREFIX/],
      [["restore", "s3://backups/night"], {}, 2, /There is no backup in s3:\/\/backups\/night\./],
      [["restore", "s3://backups/night/none.zip"], {}, 2, /There is no none\.zip in s3:\/\/backups\/night\./],
    ];
    for (const [args, more, code, expected] of wrong) {
      const ended = await run(folder.path, args, { ...server.environment, ...more });
      assert.match(ended.stderr, expected);
      assert.equal(ended.code, code, ended.stderr);
      assert.doesNotMatch(ended.stderr, /wrong-secret/);
    }
    assert.equal(server.objects.size, 0);
  });

  it("take neither address nor key from the workspace", async () => {
    const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "" } = server.environment;
    const lines = [
      `AWS_ACCESS_KEY_ID=${id}`,
      `AWS_SECRET_ACCESS_KEY=${secret}`,
      `AWS_ENDPOINT_URL_S3=${server.address}`,
    ];
    const hostile = await aFolder({ ".env": lines.join("\n") });
    try {
      const ended = await run(hostile.path, ["backup", "s3://backups"], {});
      assert.match(ended.stderr, /AWS_ACCESS_KEY_ID is not set/);
      assert.deepEqual(server.asked, []);
    } finally {
      await hostile.remove();
    }
  });
});

const hasMoto = spawnSync("moto_server", ["--help"]).status === 0;

(hasMoto ? describe : describe.skip)("a server of S3 that others wrote (moto)", function () {
  this.timeout(60_000);
  let server: ChildProcess;
  let environment: Record<string, string>;

  before(async () => {
    const port = await findFreePort();
    environment = {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "fake-access",
      AWS_SECRET_ACCESS_KEY: "fake-secret",
    };
    server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    for (let tries = 0; !(await isListening(port)); tries++) {
      assert.ok(tries < 300, "moto has not started within 30 s");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await createBucket("backups");
  });
  after(() => {
    server.kill();
  });

  async function createBucket(name: string): Promise<void> {
    const { AWS_ENDPOINT_URL_S3: address = "" } = environment;
    const client = new AwsClient({
      accessKeyId: "fake-access",
      secretAccessKey: "fake-secret",
      service: "s3",
      region: "us-east-1",
    });
    const made = await client.fetch(`${address}/${name}`, { method: "PUT" });
    assert.equal(made.status, 200, await made.text());
  }

  let buckets = 0;
  describeFileStore("moto’s bucket", async () => {
    const name = `contract-${++buckets}`;
    await createBucket(name);
    const open = (): S3Store =>
      new S3Store(readBucketAccess(`s3://${name}/a b`, environment), 5 * 1024 * 1024);
    return { store: open(), other: open(), close: () => Promise.resolve() };
  });

  it("takes a backup and gives it back", () => takeThere(environment, "s3://backups/night"));
});

async function findFreePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    const end = (isOpen: boolean) => (): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });
}
