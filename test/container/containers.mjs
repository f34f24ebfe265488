// Runs services of compose.yaml with runc, as Docker would: the same user, volumes, limits and environment. The network
// is the container's own and leads nowhere.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { HOST } from "./build-image.mjs";

const COMPOSE = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../compose.yaml");
const STATE = path.join(HOST, "runc");

/** A service of compose.yaml, its variables replaced by those of `env`. */
function readService(name, env) {
  const text = fs
    .readFileSync(COMPOSE, "utf8")
    .replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, variable, otherwise) => env[variable] || (otherwise ?? ""));
  const service = parse(text, { merge: true }).services[name];
  if (service === undefined) throw new Error(`compose.yaml has no service “${name}”.`);
  return service;
}

const number = (text) => {
  const [, digits, unit] = /^(\d+)([kmg]?)$/.exec(String(text));
  return Number(digits) * { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit];
};

/** Folders for named volumes; a new one gets the mode that its place has in the image. */
function volumeFolder(volumes, name, place) {
  const folder = path.join(volumes, name);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, fs.statSync(place).mode & 0o7777);
  }
  return folder;
}

function toSpecification(image, service, { args, env, volumes, hostname, project }) {
  const [uid, gid] = service.user.split(":").map(Number);
  const passedOn = service.environment.flatMap((each) =>
    each.includes("=") ? [each] : env[each] === undefined ? [] : [`${each}=${env[each]}`],
  );
  const bind = (source, destination) => ({ type: "bind", source, destination, options: ["rbind", "rw"] });
  const mounts = service.volumes.map((volume) => {
    const [source, destination] = volume.split(":");
    const isFolder = /^[./]/.test(source);
    return bind(
      isFolder
        ? path.resolve(project, source)
        : volumeFolder(volumes, source, path.join(image.root, destination)),
      destination,
    );
  });
  const tmpfs = (destination, options) => ({ type: "tmpfs", source: "tmpfs", destination, options });
  if (String(service.cap_drop) !== "ALL") throw new Error("The service keeps capabilities.");
  const limits = { memory: { limit: number(service.mem_limit) }, pids: { limit: service.pids_limit } };
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: { uid, gid },
      args: [...image.config.Entrypoint, ...args],
      env: [...image.config.Env, ...passedOn],
      cwd: image.config.WorkingDir,
      capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
      noNewPrivileges: service.security_opt.includes("no-new-privileges:true"),
    },
    root: { path: image.root, readonly: service.read_only },
    hostname,
    mounts: [
      { type: "proc", source: "proc", destination: "/proc" },
      tmpfs("/dev", ["nosuid", "mode=755", "size=65536k"]),
      tmpfs("/dev/shm", ["nosuid", "noexec", "nodev", "mode=1777"]),
      ...service.tmpfs.map((place) => tmpfs(place, ["nosuid", "nodev", "noexec", "mode=1777"])),
      ...mounts,
    ],
    linux: {
      namespaces: ["pid", "network", "ipc", "uts", "mount"].map((type) => ({ type })),
      resources: limits,
      maskedPaths: ["/proc/kcore", "/proc/keys", "/proc/sysrq-trigger"],
      readonlyPaths: ["/proc/sys", "/proc/bus", "/proc/fs", "/proc/irq"],
    },
  };
}

let count = 0;

/**
 * Starts a service.
 * @param image as `buildImage` returns it
 * @param options `args` of the program; `env` as a user's shell has it; `volumes`, where named volumes lie; `project`, the
 * folder that compose.yaml is in; `entrypoint` in place of the image's; `id`, its name
 * @returns its name, its process, what it has written so far, and a promise of its exit code
 */
export function startContainer(image, name, options) {
  const { entrypoint, ...rest } = options;
  const env = options.env ?? {};
  const service = readService(name, env);
  const args = options.args ?? service.command;
  const id = options.id ?? `deep-research-${process.pid}-${++count}`;
  const bundle = path.join(HOST, "bundles", id);
  fs.mkdirSync(bundle, { recursive: true });
  const used =
    entrypoint === undefined ? image : { ...image, config: { ...image.config, Entrypoint: entrypoint } };
  const specification = toSpecification(used, service, { hostname: id, ...rest, args, env });
  fs.writeFileSync(path.join(bundle, "config.json"), JSON.stringify(specification));
  const child = spawn("runc", ["--root", STATE, "run", "--bundle", bundle, id], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"])
    child[stream].setEncoding("utf8").on("data", (text) => (written[stream] += text));
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      fs.rmSync(bundle, { recursive: true, force: true });
      resolve(code);
    });
  });
  return { id, child, written, ended };
}

/** Sends a signal to the first process of a container. */
export function signalContainer({ id }, signal) {
  execFileSync("runc", ["--root", STATE, "kill", id, signal], { stdio: "ignore" });
}

/** The number that the container's first process has outside of it. */
export function processOf({ id }) {
  const state = execFileSync("runc", ["--root", STATE, "state", id], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(state).pid;
}

/** Runs a program in a running container. @returns its exit code */
export function executeIn({ id }, args) {
  return new Promise((resolve, reject) => {
    const child = spawn("runc", ["--root", STATE, "exec", id, ...args], { stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

/** The names of the containers that run. */
export function listContainers() {
  const list = JSON.parse(
    execFileSync("runc", ["--root", STATE, "list", "--format", "json"], { encoding: "utf8" }),
  );
  return (list ?? []).filter(({ status }) => status === "running" || status === "paused").map(({ id }) => id);
}

export function isRunningContainer(id) {
  return listContainers().includes(id);
}
