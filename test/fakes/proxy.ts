import http, { createServer } from "node:http";
import net, { type AddressInfo } from "node:net";

/*
 * A stand-in for a company's proxy: real HTTP on 127.0.0.1. Plain requests come to it with the whole URL, tunnels by
 * CONNECT. It alone knows where the names of its tests lead.
 */

export interface FakeProxy {
  /** For HTTP_PROXY and HTTPS_PROXY. */
  address: string;
  host: string;
  /** What was asked for, in order: "GET http://docs.test/guide", "CONNECT docs.test:443". */
  asked: string[];
  /** Of each request: what the program says of itself to the proxy. */
  authorizations: (string | undefined)[];
  /** The first bytes that came through tunnels. */
  tunnelled: Buffer[];
  close(): Promise<void>;
}

/**
 * Starts it.
 * @param targets "host:port" of the server behind a name, such as { "docs.test": "127.0.0.1:4711" }
 * @param credentials "name:password" that it asks for; null for none
 */
export async function startFakeProxy(
  targets: Record<string, string>,
  credentials: string | null = null,
): Promise<FakeProxy> {
  const isAllowed = (header: string | undefined): boolean =>
    credentials === null || header === `Basic ${Buffer.from(credentials).toString("base64")}`;
  const record = (what: string, authorization: string | undefined): void => {
    proxy.asked.push(what);
    proxy.authorizations.push(authorization);
  };
  const server = createServer((request, response) => {
    const authorization = request.headers["proxy-authorization"];
    record(`${request.method ?? ""} ${request.url ?? ""}`, authorization);
    if (!isAllowed(authorization))
      return void response.writeHead(407, { "proxy-authenticate": 'Basic realm="x"' }).end();
    const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : null;
    const target = targets[url?.hostname ?? ""];
    if (url === null || target === undefined) return void response.writeHead(502).end("no such host");
    const [host = "", port = ""] = target.split(":");
    const headers = { ...request.headers, host: url.host };
    const onward = http.request({
      host,
      port,
      path: url.pathname + url.search,
      method: request.method,
      headers,
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    const authorization = request.headers["proxy-authorization"];
    record(`CONNECT ${request.url ?? ""}`, authorization);
    socket.on("error", () => undefined);
    if (!isAllowed(authorization))
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.once("data", (bytes: Buffer) => {
      proxy.tunnelled.push(bytes);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: FakeProxy = {
    address: `http://${credentials === null ? "" : `${credentials}@`}${host}`,
    host,
    asked: [],
    authorizations: [],
    tunnelled: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}
