import { setTimeout as wait } from "node:timers/promises";
import PQueue from "p-queue";
import { trimEndMatching } from "../../core/text/linear-search.js";

/*
 * One host is asked gently: two requests at a time at most, and a pause between their beginnings.
 */

const AT_A_TIME = 2;

/** Milliseconds between the beginnings of two requests to one host, where it does not ask for more. */
const MIN_INTERVAL_MS = 250;

export interface HostThrottle {
  /**
   * Runs one request to the address's host when it is its turn.
   *
   * @param pause milliseconds from its beginning to that of the next; less than the usual counts as that,
   *   and null is none: a site that was asked for its wishes is asked for the page at once
   * @throws the signal's reason where it is aborted while waiting
   */
  schedule<T>(url: URL, pause: number | null, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Nothing more is begun at the address's host for so many milliseconds. */
  pauseHost(url: URL, milliseconds: number): void;
}

interface Host {
  queue: PQueue;
  /** When the next request may begin, by performance.now(). */
  next: number;
}

/** @param usual milliseconds between the beginnings of two requests to one host */
export function createHostThrottle(usual = MIN_INTERVAL_MS): HostThrottle {
  const hosts = new Map<string, Host>();

  /** A host whose last request is over, and its pause as well, has nothing left to remember. */
  const forget = (): void => {
    const now = performance.now();
    for (const [name, { queue, next }] of hosts) {
      if (queue.size === 0 && queue.pending === 0 && next <= now) hosts.delete(name);
    }
  };

  // Ports and protocols are one machine's.
  const hostOf = ({ hostname }: URL): Host => {
    const name = trimEndMatching(hostname, /\./);
    const host = hosts.get(name) ?? { queue: new PQueue({ concurrency: AT_A_TIME }), next: 0 };
    hosts.set(name, host);
    return host;
  };

  return {
    async schedule(url, pause, signal, work) {
      forget();
      const host = hostOf(url);
      const turn = async () => {
        // Looked at again after the wait: meanwhile the host may have asked to be left alone.
        for (let now = performance.now(); now < host.next; now = performance.now()) {
          await wait(Math.ceil(host.next - now), undefined, { signal });
        }
        if (pause !== null) host.next = performance.now() + Math.max(usual, pause);
        return work();
      };
      try {
        return await host.queue.add(turn, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
    pauseHost(url, milliseconds) {
      const host = hostOf(url);
      host.next = Math.max(host.next, performance.now() + milliseconds);
    },
  };
}
