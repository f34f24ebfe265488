/*
 * The guarded fetch: what addresses it refuses, and what it costs to be answered by a hostile server.
 * The second part runs in a process of its own, so that nothing else's memory is counted.
 */
import { fork } from "node:child_process";
import { setMaxListeners } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { assertPublicUrl } from "../../src/reading/web/url-guard.js";
import { createWebClient, PAGE_LIMITS } from "../../src/reading/web/fetch-page.js";
import { KINDS, kindUrl, page, startHostileServer } from "../fakes/hostile-server.js";
import type { Row } from "./results-table.js";

/** MB over idle that reading hostile pages may take. */
const MOST_MEMORY = 200;

/** Bytes that a bomb of the bench unpacks to: ten times what a PDF may have. */
const BOMB = 200 * 1024 * 1024;

/** Milliseconds that a timer may be late while 40 hostile answers are read at once. */
const LATE = 1000;

/** Pages that are read at once, besides those that are only slow. */
const AT_A_TIME = 6;

const CHILD = "--hostile-child";

export async function rows(material: string): Promise<Row[]> {
  return [addresses(path.join(material, "hostile", "ssrf-urls.json")), ...(await hostileRows())];
}

interface Entry {
  u: string;
  host?: string;
  user?: boolean;
  class: string;
}

/** What is not the public internet, written down apart from the product's own list. */
function innerNetworks(): net.BlockList {
  const list = new net.BlockList();
  for (const subnet of [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
  ]) add(list, subnet, "ipv4"); // prettier-ignore
  // All IPv6 but 2000::/3, and of that what carries an IPv4 address.
  for (const subnet of ["::/3", "4000::/2", "8000::/1", "2001::/32", "2002::/16"]) add(list, subnet, "ipv6");
  return list;
}

function add(list: net.BlockList, subnet: string, family: net.IPVersion): void {
  const [address = "", bits] = subnet.split("/");
  list.addSubnet(address, Number(bits), family);
}

/**
 * Each address is judged by what it is: no address at all, one with a password, one at a port that is
 * not the web's, a private one, or a public one. The set's own classes take "::7f00:1" for public.
 */
function addresses(file: string): Row {
  const what = "obfuscated private URLs refused, and no public one refused";
  const reach = "100 %, and none";
  if (!existsSync(file)) return { what, measured: "the set is not there", reach, ok: null };
  const inner = innerNetworks();
  const counts = { refused: 0, toRefuse: 0, passed: 0, toPass: 0, asPrivate: 0, private: 0 };
  for (const { u, host, user, class: kind } of JSON.parse(readFileSync(file, "utf8")) as Entry[]) {
    const bare = (host ?? "").replace(/^\[|\]$/g, "");
    const family = net.isIP(bare);
    const isPrivate = family !== 0 && inner.check(bare, family === 4 ? "ipv4" : "ipv6");
    const port = URL.canParse(u) ? new URL(u).port : "";
    const isWrong = kind === "invalid" || user === true || !["", "80", "443", "8080", "8443"].includes(port);
    const code = codeOf(() => assertPublicUrl(u, new Set()));
    if (isPrivate || isWrong) {
      counts.toRefuse++;
      if (code !== null) counts.refused++;
    } else {
      counts.toPass++;
      if (code === null) counts.passed++;
    }
    if (isPrivate && !isWrong) {
      counts.private++;
      if (code === "refused-address") counts.asPrivate++;
    }
  }
  const { refused, toRefuse, passed, toPass, asPrivate } = counts;
  return {
    what,
    measured:
      `${refused} of ${toRefuse} refused (of ${counts.private} that are private and nothing worse, ` +
      `${asPrivate} as private), ${passed} of ${toPass} public ones passed`,
    reach,
    ok: refused === toRefuse && passed === toPass && asPrivate === counts.private,
  };
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

interface Outcome {
  kind: string;
  code: string | null;
  milliseconds: number;
}

interface HostileResult {
  outcomes: Outcome[];
  /** MB */
  peakOverIdle: number;
}

async function hostileRows(): Promise<Row[]> {
  const server = await startHostileServer({ bomb: BOMB });
  server.on("/fine", (socket) => page(socket, "<p>Some text.</p>"));
  try {
    const { outcomes, peakOverIdle } = await readInChild(server.host);
    const cap = PAGE_LIMITS.total + LATE;
    const wrong = outcomes.filter(
      ({ kind, code, milliseconds }) =>
        code === null || !(KINDS[kind]?.codes ?? []).includes(code) || milliseconds > cap,
    );
    const said = wrong.map(
      ({ kind, code, milliseconds }) => `${kind}: ${code ?? "read"}, ${milliseconds} ms`,
    );
    return [
      {
        what: "bombs, endless bodies, slow drips: refused inside the caps",
        measured:
          `${outcomes.length - wrong.length} of ${outcomes.length} kinds` +
          (said.length > 0 ? ` (not: ${said.join("; ")})` : ""),
        reach: "all",
        ok: wrong.length === 0 && outcomes.length === Object.keys(KINDS).length,
      },
      {
        what: "bombs, endless bodies, slow drips: memory over idle",
        measured: `${peakOverIdle} MB`,
        reach: `< ${MOST_MEMORY} MB`,
        ok: peakOverIdle < MOST_MEMORY,
      },
    ];
  } finally {
    await server.close();
  }
}

function readInChild(host: string): Promise<HostileResult> {
  return new Promise((resolve, reject) => {
    // Each bench file is built to a file of its own, whoever calls it.
    const child = fork(path.join(__dirname, "fetch.js"), [CHILD, host], { execArgv: ["--expose-gc"] });
    const slow = setTimeout(() => child.kill(), PAGE_LIMITS.total * 4);
    child.once("message", (told) => resolve(told as HostileResult));
    child.once("exit", (code, signal) => {
      clearTimeout(slow);
      reject(new Error(`The process that reads hostile pages ended (${code ?? signal ?? ""}).`));
    });
  });
}

/** Reads each kind of page with the product's own limits; what is only slow waits beside the rest. */
async function readAll(host: string): Promise<HostileResult> {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const allowed = new Set([host]);
  const read = async (kind: string): Promise<Outcome> => {
    const began = performance.now();
    const code = await createWebClient({ allowed, pause: 0 })
      .page(kindUrl(`http://${host}`, kind), signal)
      .then(
        () => null,
        (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
      );
    return { kind, code, milliseconds: Math.round(performance.now() - began) };
  };

  await createWebClient({ allowed, pause: 0 }).page(`http://${host}/fine`, signal);
  global.gc?.();
  await wait(300);
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);

  const kinds = Object.keys(KINDS);
  const slow = kinds.filter((kind) => KINDS[kind]?.slow === true).map(read);
  const fast = kinds.filter((kind) => KINDS[kind]?.slow !== true);
  const outcomes: Outcome[] = [];
  const reader = async (): Promise<void> => {
    for (let kind = fast.shift(); kind !== undefined; kind = fast.shift()) outcomes.push(await read(kind));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, reader));
  outcomes.push(...(await Promise.all(slow)));
  clearInterval(sampling);
  // What the system saw, between two samples as well.
  peak = Math.max(peak, process.resourceUsage().maxRSS * 1024);
  return { outcomes, peakOverIdle: Math.round((peak - idle) / 1024 / 1024) };
}

if (process.argv[2] === CHILD) {
  void readAll(process.argv[3] ?? "").then((told) => {
    process.send?.(told, undefined, undefined, () => process.exit());
  });
}
