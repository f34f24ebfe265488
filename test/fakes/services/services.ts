import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { serviceTime } from "../../../src/reading/services/service-time.js";

/*
 * Stand-ins for the services that are searched and read by an API: real HTTP on 127.0.0.1, one server for all of them.
 * The first part of a path is the host that was asked.
 */

interface ServiceCall {
  host: string;
  method: string;
  /** Without the host. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ServiceAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** As JSON, if it is no string and no buffer. */
  body?: unknown;
  /** Begins and never ends. */
  hangs?: boolean;
}

/** How one service answers. */
export type FakeService = (call: ServiceCall) => ServiceAnswer;

export interface FakeServices {
  calls: ServiceCall[];
  /** How the next requests to a host are answered, one after the other, before its service is asked. */
  faults: Map<string, ServiceAnswer[]>;
  /** Host and port of the server, for ALLOWED_PRIVATE_HOSTS. */
  host: string;
  callsTo(host: string): ServiceCall[];
  /** What a service answers to a call. */
  answerOf(call: ServiceCall): ServiceAnswer;
  /** Goes on at another port: limits that count for an address begin anew. */
  renew(): Promise<void>;
  /** Lets the time of services in this process pass so many times faster; at first 20 times. */
  setPace(pace: number): void;
  close(): Promise<void>;
}

const realTime = { ...serviceTime };
const PACE = 20;
const VARIABLE = "DEEP_RESEARCH_TEST_SERVICES";

/** Starts it, and leads the requests of this process and its children there. @param services by host */
export async function startFakeServices(services: Record<string, FakeService>): Promise<FakeServices> {
  const calls: ServiceCall[] = [];
  const faults = new Map<string, ServiceAnswer[]>();
  const answerOf = (call: ServiceCall): ServiceAnswer =>
    services[call.host]?.(call) ?? { status: 404, body: "no service" };
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const [, host = "", ...rest] = url.pathname.split("/");
      const call: ServiceCall = {
        host,
        method: request.method ?? "",
        path: `/${rest.join("/")}`,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      calls.push(call);
      const answer = faults.get(host)?.shift() ?? answerOf(call);
      const { status = 200, headers = {}, body = "", hangs = false } = answer;
      const isRaw = typeof body === "string" || Buffer.isBuffer(body);
      response.writeHead(status, { "content-type": isRaw ? "text/plain" : "application/json", ...headers });
      if (hangs) return void response.write("{");
      response.end(isRaw ? body : JSON.stringify(body));
    });
  });
  const previous = process.env[VARIABLE];
  const listen = async (): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env[VARIABLE] = `http://${host}`;
    return host;
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  const fake: FakeServices = {
    calls,
    faults,
    host: await listen(),
    answerOf,
    callsTo: (asked) => calls.filter((call) => call.host === asked),
    renew: async () => {
      await stop();
      fake.host = await listen();
    },
    setPace: (pace) => {
      // The clock goes on from where it is: what was noted by it stays comparable.
      const [fake, real] = [serviceTime.now(), realTime.now()];
      serviceTime.now = () => fake + (realTime.now() - real) * pace;
      serviceTime.wait = (milliseconds, signal) => setTimeout(milliseconds / pace, undefined, { signal });
    },
    close: async () => {
      if (previous === undefined) Reflect.deleteProperty(process.env, VARIABLE);
      else process.env[VARIABLE] = previous;
      await stop();
    },
  };
  fake.setPace(PACE);
  return fake;
}
