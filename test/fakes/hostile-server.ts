import net, { type AddressInfo, type Socket } from "node:net";
import zlib from "node:zlib";

/*
 * A server that answers in every wrong way, byte by byte: it writes to the socket itself, since
 * node:http would not send most of this.
 */

/** The answer to /robots.txt: a text, a status, or what does the answering. */
export type Robots = string | number | ((socket: Socket) => void);

export interface HostileOptions {
  /** Bytes that a bomb unpacks to. */
  bomb?: number;
  /** 404 where it is not given. */
  robots?: Robots;
}

export interface HostileServer {
  origin: string;
  /** "127.0.0.1:port" */
  host: string;
  /** The heads of the requests so far, as they came. */
  seen: string[];
  /** When each of them came, in milliseconds. */
  times: number[];
  /** Connections that are open now. */
  open(): number;
  setRobots(robots: Robots): void;
  /** Adds a page, or replaces it. */
  on(path: string, answer: (socket: Socket) => void): void;
  close(): Promise<void>;
}

/** One way of being hostile: how it answers, and the codes of the errors that it may end in. */
export interface Kind {
  answer: (socket: Socket, server: { origin: string; bomb: number }) => void;
  codes: string[];
  /** True where it ends by time only. */
  slow?: true;
}

/** An answer's head and, where it is given, its body. */
export function send(
  socket: Socket,
  status: number,
  headers: string[],
  body: string | Uint8Array = "",
): void {
  socket.write([`HTTP/1.1 ${status} X`, ...headers, "", ""].join("\r\n"));
  if (body.length > 0) socket.write(body);
}

/** A whole page, after which the connection is closed. */
export function page(socket: Socket, body: string | Uint8Array, ...headers: string[]): void {
  send(socket, 200, ["content-type: text/html", `content-length: ${body.length}`, ...headers], body);
  socket.end();
}

export function redirect(socket: Socket, to: string): void {
  send(socket, 302, [`location: ${to}`, "content-length: 0"]);
  socket.end();
}

const HTML = "content-type: text/html";
const LENGTH = "<p>Some text.</p>".repeat(10);

/** Writes the same for as long as anybody listens, no faster than it is read. */
function endlessly(socket: Socket, part: string | Uint8Array): void {
  const more = (): void => {
    for (let n = 0; n < 64; n++) {
      if (socket.destroyed) return;
      if (!socket.write(part)) {
        socket.once("drain", more);
        return;
      }
    }
    setImmediate(more);
  };
  more();
}

function drip(socket: Socket, part: string, milliseconds: number): void {
  const timer = setInterval(() => socket.write(part), milliseconds);
  socket.on("close", () => clearInterval(timer));
}

const packed = new Map<string, Uint8Array>();

/** Nothing but zeros, compressed by each coding in turn. */
function bomb(bytes: number, ...codings: ("gzip" | "br" | "deflate")[]): Uint8Array {
  const key = `${bytes} ${codings.join()}`;
  const known = packed.get(key);
  if (known !== undefined) return known;
  let data: Uint8Array = Buffer.alloc(bytes);
  for (const coding of codings) {
    if (coding === "gzip") data = zlib.gzipSync(data);
    else if (coding === "deflate") data = zlib.deflateSync(data);
    else data = zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
  }
  packed.set(key, data);
  return data;
}

export const KINDS: Record<string, Kind> = {
  // Bombs.
  "gzip bomb": {
    answer: (socket, { bomb: size }) => page(socket, bomb(size, "gzip"), "content-encoding: gzip"),
    codes: ["too-large"],
  },
  "brotli bomb": {
    answer: (socket, { bomb: size }) => page(socket, bomb(size, "br"), "content-encoding: br"),
    codes: ["too-large"],
  },
  "deflate bomb": {
    answer: (socket, { bomb: size }) => page(socket, bomb(size, "deflate"), "content-encoding: deflate"),
    codes: ["too-large"],
  },
  "gzip in gzip": {
    answer: (socket, { bomb: size }) =>
      page(socket, bomb(size, "gzip", "gzip"), "content-encoding: gzip, gzip"),
    codes: ["unreadable", "too-large"],
  },
  "gzip in brotli, in two headers": {
    answer: (socket, { bomb: size }) =>
      page(socket, bomb(size, "gzip", "br"), "content-encoding: gzip", "content-encoding: br"),
    codes: ["unreadable", "too-large"],
  },
  "a hundred codings": {
    answer: (socket) => page(socket, LENGTH, `content-encoding: ${"gzip, ".repeat(100)}gzip`),
    codes: ["unreadable"],
  },
  "endless gzip": {
    answer(socket, { bomb: size }) {
      send(socket, 200, [HTML, "content-encoding: gzip"]);
      endlessly(socket, bomb(size, "gzip"));
    },
    codes: ["too-large"],
  },
  "endless empty gzip members": {
    answer(socket) {
      send(socket, 200, [HTML, "content-encoding: gzip"]);
      const empty = zlib.gzipSync("");
      endlessly(socket, Buffer.concat(Array<Uint8Array>(3000).fill(empty)));
    },
    codes: ["too-large", "timeout"],
  },
  "bomb that calls itself a PDF": {
    answer: (socket, { bomb: size }) => {
      const body = bomb(size, "gzip");
      send(socket, 200, ["content-type: application/pdf", "content-encoding: gzip"], body);
      socket.end();
    },
    codes: ["too-large"],
  },
  // Bodies.
  "endless body": {
    answer(socket) {
      send(socket, 200, [HTML]);
      endlessly(socket, "x".repeat(65_536));
    },
    codes: ["too-large"],
  },
  "endless chunks": {
    answer(socket) {
      send(socket, 200, [HTML, "transfer-encoding: chunked"]);
      endlessly(socket, `4000\r\n${"x".repeat(0x4000)}\r\n`);
    },
    codes: ["too-large"],
  },
  "endless chunks of one byte": {
    answer(socket) {
      send(socket, 200, [HTML, "transfer-encoding: chunked"]);
      endlessly(socket, "1\r\nx\r\n".repeat(5000));
    },
    codes: ["too-large", "timeout"],
  },
  "endless extension of a chunk": {
    answer(socket) {
      send(socket, 200, [HTML, "transfer-encoding: chunked"], "1;");
      endlessly(socket, "x".repeat(65_536));
    },
    codes: ["unreachable", "timeout"],
  },
  "endless trailers": {
    answer(socket) {
      send(socket, 200, [HTML, "transfer-encoding: chunked"], "1\r\nx\r\n0\r\n");
      endlessly(socket, "x-trailer: x\r\n".repeat(1000));
    },
    codes: ["unreachable", "timeout"],
  },
  "length that promises too much": {
    answer: (socket) => send(socket, 200, [HTML, "content-length: 99999999999"], LENGTH),
    codes: ["too-large"],
  },
  "length that is never reached": {
    answer(socket) {
      send(socket, 200, [HTML, `content-length: ${LENGTH.length + 1}`], LENGTH);
      socket.end();
    },
    codes: ["unreachable"],
  },
  "length in words": {
    answer: (socket) => send(socket, 200, [HTML, "content-length: many"], LENGTH),
    codes: ["unreachable"],
  },
  "two lengths": {
    answer: (socket) => send(socket, 200, [HTML, "content-length: 5", "content-length: 6"], LENGTH),
    codes: ["unreachable"],
  },
  "cut in the middle": {
    answer(socket) {
      send(socket, 200, [HTML, "transfer-encoding: chunked"], "ff\r\n<p>This page was to be long");
      socket.end();
    },
    codes: ["unreachable"],
  },
  "reset in the middle": {
    answer(socket) {
      send(socket, 200, [HTML, "content-length: 1000"], LENGTH);
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
    codes: ["unreachable"],
  },
  "gzip cut in the middle": {
    answer(socket) {
      const body = zlib.gzipSync(LENGTH);
      send(socket, 200, [HTML, "content-encoding: gzip"], body.subarray(0, body.length - 12));
      socket.end();
    },
    codes: ["unreadable"],
  },
  "brotli cut in the middle": {
    answer(socket) {
      const body = zlib.brotliCompressSync(LENGTH);
      send(socket, 200, [HTML, "content-encoding: br"], body.subarray(0, body.length - 12));
      socket.end();
    },
    codes: ["unreadable"],
  },
  "gzip that is none": { answer: (socket) => page(socket, LENGTH, "content-encoding: gzip"), codes: ["unreadable"] },
  "brotli that is none": { answer: (socket) => page(socket, LENGTH, "content-encoding: br"), codes: ["unreadable"] },
  "unknown coding": { answer: (socket) => page(socket, LENGTH, "content-encoding: zap"), codes: ["unreadable"] },
  "invalid chunks": {
    answer: (socket) => send(socket, 200, [HTML, "transfer-encoding: chunked"], "zz\r\nwhat\r\n0\r\n\r\n"),
    codes: ["unreachable"],
  },
  "chunk of negative length": {
    answer: (socket) => send(socket, 200, [HTML, "transfer-encoding: chunked"], "-1\r\nx\r\n0\r\n\r\n"),
    codes: ["unreachable"],
  },
  "chunk of enormous length": {
    answer: (socket) =>
      send(socket, 200, [HTML, "transfer-encoding: chunked"], "fffffffffffffffff\r\nx\r\n0\r\n\r\n"),
    codes: ["unreachable"],
  },
  "no content": { answer: (socket) => (send(socket, 204, []), socket.end()), codes: ["empty-page"] },
  "reset content": {
    answer: (socket) => (send(socket, 205, ["content-length: 0"]), socket.end()),
    codes: ["empty-page"],
  },
  "empty page": { answer: (socket) => page(socket, ""), codes: ["empty-page"] },
  "part of a page": {
    answer: (socket) => send(socket, 206, [HTML, "content-range: bytes 0-169/900", "content-length: 170"], LENGTH),
    codes: ["unreachable"],
  },
  // Heads.
  "no headers": { answer: (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"), codes: ["empty-page"] },
  "HTTP/0.9": { answer: (socket) => socket.end("<html>What a page was once.</html>"), codes: ["unreachable"] },
  "another protocol": { answer: (socket) => socket.end("220 mail ESMTP\r\n"), codes: ["unreachable"] },
  "no answer at all": { answer: (socket) => socket.end(), codes: ["unreachable"] },
  "reset at once": { answer: (socket) => socket.resetAndDestroy(), codes: ["unreachable"] },
  "head cut in the middle": { answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-ty"), codes: ["unreachable"] },
  "endless headers": {
    answer(socket) {
      socket.write("HTTP/1.1 200 OK\r\n");
      endlessly(socket, "x-header: and one more\r\n".repeat(100));
    },
    codes: ["unreachable"],
  },
  "endless header": {
    answer(socket) {
      socket.write("HTTP/1.1 200 OK\r\nx-header: ");
      endlessly(socket, "x".repeat(4096));
    },
    codes: ["unreachable"],
  },
  "endless early hints": {
    answer: (socket) => endlessly(socket, "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(50)),
    codes: ["timeout"],
    slow: true,
  },
  "switches protocols": {
    answer: (socket) => send(socket, 101, ["connection: upgrade", "upgrade: websocket"]),
    codes: ["unreachable", "timeout"],
  },
  // Slowness.
  silence: { answer: () => undefined, codes: ["timeout"], slow: true },
  "slow headers": {
    answer(socket) {
      socket.write("HTTP/1.1 200 OK\r\n");
      drip(socket, "x-header: x\r\n", 50);
    },
    codes: ["timeout"],
    slow: true,
  },
  "slow drip": {
    answer(socket) {
      send(socket, 200, [HTML]);
      drip(socket, "x", 50);
    },
    codes: ["timeout"],
    slow: true,
  },
  "slow drip of gzip": {
    answer(socket) {
      send(socket, 200, [HTML, "content-encoding: gzip"], Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]));
      drip(socket, "a", 50);
    },
    codes: ["timeout"],
    slow: true,
  },
  "stops in the middle": {
    answer: (socket) => send(socket, 200, [HTML, "content-length: 1000"], LENGTH),
    codes: ["timeout"],
    slow: true,
  },
  // Redirects.
  "redirect to itself": { answer: (socket, { origin }) => redirect(socket, `${origin}/redirect to itself`), codes: ["unreachable"] },
  "thousands of redirects": {
    answer: (socket) => redirect(socket, `/thousands of redirects?${Math.random()}`),
    codes: ["unreachable"],
  },
  "redirect to a file": { answer: (socket) => redirect(socket, "file:///etc/passwd"), codes: ["bad-url"] },
  "redirect to data": { answer: (socket) => redirect(socket, "data:text/html,<p>Hello"), codes: ["bad-url"] },
  "redirect to a script": { answer: (socket) => redirect(socket, "javascript:alert(1)"), codes: ["bad-url"] },
  "redirect to ftp": { answer: (socket) => redirect(socket, "ftp://example.org/"), codes: ["bad-url"] },
  "redirect to no address": { answer: (socket) => redirect(socket, "http://["), codes: ["bad-url"] },
  "redirect with a password": { answer: (socket) => redirect(socket, "http://u:p@example.org/"), codes: ["bad-url"] },
  "redirect to this machine": { answer: (socket) => redirect(socket, "http://127.0.0.1/"), codes: ["refused-address"] },
  "redirect to another port": { answer: (socket) => redirect(socket, "http://127.0.0.1:9/"), codes: ["refused-address"] },
  "redirect to an odd port": { answer: (socket) => redirect(socket, "http://8.8.8.8:22/"), codes: ["refused-address"] },
  "redirect to a cloud's secrets": {
    answer: (socket) => redirect(socket, "http://169.254.169.254/latest/meta-data/"),
    codes: ["refused-address"],
  },
  "redirect in disguise": { answer: (socket) => redirect(socket, "//[::ffff:7f00:1]/"), codes: ["refused-address"] },
  "redirect without an end": {
    answer(socket) {
      send(socket, 302, ["location: /nowhere", "transfer-encoding: chunked"]);
      endlessly(socket, `4000\r\n${"x".repeat(0x4000)}\r\n`);
    },
    codes: ["unreachable"],
  },
  // Refusals.
  "not found, endlessly": {
    answer(socket) {
      send(socket, 404, [HTML]);
      endlessly(socket, "x".repeat(65_536));
    },
    codes: ["unreachable"],
  },
  "wants a password": { answer: (socket) => send(socket, 401, ["www-authenticate: Basic realm=x"]), codes: ["unreachable"] },
}; // prettier-ignore

/** The address of one kind. */
export function kindUrl(origin: string, kind: string): string {
  return `${origin}/${encodeURIComponent(kind)}`;
}

export async function startHostileServer({
  bomb: size = 8 * 1024 * 1024,
  robots: given = 404,
}: HostileOptions = {}): Promise<HostileServer> {
  let robots = given;
  const seen: string[] = [];
  const times: number[] = [];
  const pages = new Map<string, (socket: Socket) => void>();
  const sockets = new Set<Socket>();

  const answer = (socket: Socket, path: string): void => {
    if (path === "/robots.txt") {
      if (typeof robots === "function") robots(socket);
      else if (typeof robots === "number") send(socket, robots, ["content-length: 0"]);
      else page(socket, robots);
      return;
    }
    const own = pages.get(path);
    const kind = KINDS[decodeURIComponent(path.replace(/^\/|\?.*$/g, ""))];
    if (own !== undefined) own(socket);
    else if (kind !== undefined) kind.answer(socket, { origin, bomb: size });
    else send(socket, 404, ["content-length: 0"]);
  };

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The other end closes whenever it likes.
    socket.on("error", () => socket.destroy());
    let head = "";
    socket.on("data", (chunk) => {
      if (head.includes("\r\n\r\n")) return;
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      seen.push(head);
      times.push(performance.now());
      answer(socket, head.split(" ")[1] ?? "/");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  return {
    origin,
    host,
    seen,
    times,
    open: () => sockets.size,
    setRobots: (next) => void (robots = next),
    on: (path, own) => void pages.set(path, own),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
