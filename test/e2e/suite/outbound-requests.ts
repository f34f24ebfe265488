import net from "node:net";

/**
 * From now on no socket of this process (the extension host, and so the extension under test) connects to
 * anything but this machine.
 * @returns the hosts that were asked for, a list that grows: there should be none
 */
export function refuseOutbound(): string[] {
  const refused: string[] = [];
  // Everything that speaks TCP in Node comes through here: http, https, tls, fetch.
  const connect = net.Socket.prototype.connect as (this: net.Socket, ...args: unknown[]) => net.Socket;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const host = hostOf(args);
    if (host === null || isThisMachine(host)) return connect.apply(this, args);
    refused.push(host);
    process.nextTick(() => this.destroy(new Error(`The host suite lets nothing leave: ${host} is refused.`)));
    return this;
  };
  return refused;
}

/** The host of a call to connect: (options), (port, host) or (path). Null: a path, or none is named. */
function hostOf(args: unknown[]): string | null {
  // Node's own callers hand over one array with the arguments, normalized.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null) {
    const { host, path } = first as { host?: unknown; path?: unknown };
    return typeof host === "string" && typeof path !== "string" ? host : null;
  }
  return typeof first === "number" && typeof second === "string" ? second : null;
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}
