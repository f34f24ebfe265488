import { setTimeout as wait } from "node:timers/promises";
import PQueue from "p-queue";
import { trimEndMatching } from "../../core/text/linear-search.js";

/*
 * Per-host throttle: at most two concurrent requests and a minimum interval between starts.
 */

const MAX_CONCURRENT = 2;

/** Default milliseconds between the starts of two requests to one host. */
const MIN_INTERVAL_MS = 250;

export interface HostThrottle {
  /**
   * Runs one request to the URL's host as soon as the throttle allows.
   *
   * @param pause milliseconds from its start to the start of the next; the default interval is the minimum. null means
   *   none: the page may be requested directly after robots.txt
   * @throws the signal's reason if it is aborted while waiting
   */
  schedule<T>(url: URL, pause: number | null, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Delays further requests to the URL's host. */
  pauseHost(url: URL, milliseconds: number): void;
}

interface Host {
  queue: PQueue;
  /** When the next request may begin, by performance.now(). */
  next: number;
}

/** @param minInterval default milliseconds between the starts of two requests to one host */
export function createHostThrottle(minInterval = MIN_INTERVAL_MS): HostThrottle {
  const hosts = new Map<string, Host>();

  /** Forgets hosts without pending requests whose pause is over. */
  const forget = (): void => {
    const now = performance.now();
    for (const [name, { queue, next }] of hosts) {
      if (queue.size === 0 && queue.pending === 0 && next <= now) hosts.delete(name);
    }
  };

  // Ports and protocols of a host share one throttle.
  const hostOf = ({ hostname }: URL): Host => {
    const name = trimEndMatching(hostname, /\./);
    const host = hosts.get(name) ?? { queue: new PQueue({ concurrency: MAX_CONCURRENT }), next: 0 };
    hosts.set(name, host);
    return host;
  };

  return {
    async schedule(url, pause, signal, work) {
      forget();
      const host = hostOf(url);
      const runInTurn = async () => {
        // Check again after the wait, since the pause may have been extended.
        for (let now = performance.now(); now < host.next; now = performance.now()) {
          await wait(Math.ceil(host.next - now), undefined, { signal });
        }
        if (pause !== null) host.next = performance.now() + Math.max(minInterval, pause);
        return work();
      };
      try {
        return await host.queue.add(runInTurn, { signal });
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
