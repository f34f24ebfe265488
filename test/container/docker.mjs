// What a shell of docs/operations.md finds as `docker`: the commands of Docker that the page uses, done with runc. Anything
// else ends with an error, so that the page cannot use what is not tried.
//   CONTAINER_IMAGE=FILE CONTAINER_VOLUMES=FOLDER node test/container/docker.mjs ARGS
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout } from "node:timers/promises";
import { isRunningContainer, listContainers, signalContainer, startContainer } from "./containers.mjs";

const image = JSON.parse(fs.readFileSync(process.env.CONTAINER_IMAGE, "utf8"));
const volumes = process.env.CONTAINER_VOLUMES;
const logOf = (name) => path.join(volumes, `${name}.log`);
const prefix = `${path.basename(volumes)}-`;

/** Runs a service to its end, its output as it comes. */
async function runService(service, args, name) {
  const options = { env: process.env, volumes, project: process.cwd(), ...(args.length > 0 ? { args } : {}) };
  const container = startContainer(
    image,
    service,
    name === undefined ? options : { ...options, id: prefix + name },
  );
  for (const stream of ["stdout", "stderr"])
    container.child[stream].on("data", (text) => process[stream].write(text));
  return container.ended;
}

/** Runs a service in the background: this program again, its output in a file. */
async function startService(service, args, name) {
  const log = fs.openSync(logOf(name), "a");
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), "compose", "run", "--rm", "--name", name, service, ...args],
    { detached: true, stdio: ["ignore", log, log] },
  );
  child.unref();
  while (!isRunningContainer(prefix + name)) await setTimeout(20);
  return 0;
}

async function stop(name) {
  signalContainer({ id: prefix + name }, image.config.StopSignal);
  try {
    // A process that was paused gets the signal when it goes on.
    signalContainer({ id: prefix + name }, "CONT");
  } catch {
    // It has ended.
  }
  const start = performance.now();
  while (isRunningContainer(prefix + name)) {
    if (performance.now() - start > 30_000) throw new Error(`${name} had to be killed.`);
    await setTimeout(50);
  }
  return 0;
}

async function main(line) {
  const words = [...line];
  const takeFlag = (flag) => {
    if (words[0] !== flag) return false;
    words.shift();
    return true;
  };
  const command = words[0] === "compose" ? words.splice(0, 2).join(" ") : words.shift();
  if (command === "build" && words.join(" ") === "-t deep-research .") return 0;
  if (command === "stop" && words.length === 1) return stop(words[0]);
  if (command === "compose stop" && words.length === 1) return stop(words[0]);
  if (command === "compose ps" && words.length === 0) {
    console.log(
      listContainers()
        .filter((id) => id.startsWith(prefix))
        .join("\n"),
    );
    return 0;
  }
  if (command === "compose logs" && words.length === 1) {
    process.stdout.write(fs.readFileSync(logOf(words[0]), "utf8"));
    return 0;
  }
  if (command === "compose up" && takeFlag("-d") && words.length === 1)
    return startService(words[0], [], words[0]);
  if (command === "compose run" && takeFlag("--rm")) {
    const isDetached = takeFlag("-d");
    const name = takeFlag("--name") ? words.shift() : undefined;
    const [service, ...args] = words;
    return isDetached ? startService(service, args, name) : runService(service, args, name);
  }
  throw new Error(`docker ${line.join(" ")}: this is not tried here.`);
}

process.exitCode = await main(process.argv.slice(2));
