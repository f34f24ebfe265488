import PQueue from "p-queue";
import { serviceTime } from "./service-time.js";

/*
 * How often a service may be asked, by what its owner wrote. All runs of the process share it.
 */

/** What a service's owner asks of those who send requests. */
export interface ServiceLimits {
  /** Requests at the same time. */
  concurrent: number;
  /** Milliseconds from the start of a request to the start of the next. */
  pause: number;
  /** So many requests at most within so many milliseconds. */
  window?: { count: number; ms: number };
}

const DEFAULT_LIMITS: ServiceLimits = { concurrent: 2, pause: 100 };

/** By host, by host and the beginning of the path, or by "*." and a domain; the longest that fits holds. */
const SERVICE_LIMITS: Readonly<Record<string, ServiceLimits>> = {
  "api.github.com": { concurrent: 2, pause: 100 },
  "api.github.com/search": { concurrent: 1, pause: 250, window: { count: 10, ms: 60_000 } },
  "api.stackexchange.com": { concurrent: 2, pause: 100 },
  "*.wikipedia.org": { concurrent: 1, pause: 300 },
  "developer.mozilla.org": { concurrent: 1, pause: 300 },
  "app.readthedocs.org": { concurrent: 2, pause: 100, window: { count: 100, ms: 60_000 } },
  "web.archive.org": { concurrent: 1, pause: 3000 },
};

/** A longer pause is not waited for, in milliseconds: the caller goes on without the service. */
export const MAX_SERVICE_WAIT_MS = 10_000;

/** A service that may not be asked for a while. */
export class ServicePausedError extends Error {
  /** @param milliseconds until it may be asked again */
  constructor(readonly milliseconds: number) {
    super(`paused for ${Math.round(milliseconds)} ms`);
  }
}

interface ServiceQueue {
  queue: PQueue;
  /** When the next request may begin, by `serviceTime`. */
  next: number;
  /** When the last requests began. */
  starts: number[];
}

export interface ServiceThrottle {
  /**
   * Runs one request as soon as the service's limits allow.
   *
   * @param name what is limited, from `throttleName`
   * @throws ServicePausedError where that would take longer than `MAX_SERVICE_WAIT_MS`; the signal's reason at a cancel
   */
  schedule<T>(name: string, limits: ServiceLimits, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Delays further requests. */
  pause(name: string, milliseconds: number): void;
}

export function createServiceThrottle(): ServiceThrottle {
  const services = new Map<string, ServiceQueue>();
  const queueOf = (name: string, concurrency: number): ServiceQueue => {
    const known = services.get(name) ?? { queue: new PQueue({ concurrency }), next: 0, starts: [] };
    services.set(name, known);
    return known;
  };
  return {
    async schedule(name, limits, signal, work) {
      const service = queueOf(name, limits.concurrent);
      const runInTurn = async () => {
        // Check again after the wait, since the pause may have been extended.
        for (let left = timeLeft(service, limits); left > 0; left = timeLeft(service, limits)) {
          if (left > MAX_SERVICE_WAIT_MS) throw new ServicePausedError(left);
          await serviceTime.wait(Math.ceil(left), signal);
        }
        const now = serviceTime.now();
        service.next = Math.max(service.next, now + limits.pause);
        service.starts = [...service.starts, now].slice(-(limits.window?.count ?? 0));
        return work();
      };
      try {
        return await service.queue.add(runInTurn, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
    pause(name, milliseconds) {
      const service = queueOf(name, DEFAULT_LIMITS.concurrent);
      service.next = Math.max(service.next, serviceTime.now() + milliseconds);
    },
  };
}

/** Milliseconds until the next request may begin. */
function timeLeft({ next, starts }: ServiceQueue, { window }: ServiceLimits): number {
  const now = serviceTime.now();
  const first = window === undefined || starts.length < window.count ? undefined : starts[0];
  return Math.max(next - now, first === undefined || window === undefined ? 0 : first + window.ms - now);
}

/** The limits that hold for an address, and what they are called. */
export function findServiceLimits({ hostname, pathname }: URL): { name: string; limits: ServiceLimits } {
  const address = hostname + pathname;
  const [name = hostname] = Object.keys(SERVICE_LIMITS)
    .filter(
      (each) =>
        address === each ||
        address.startsWith(`${each}/`) ||
        (each.startsWith("*.") && hostname.endsWith(each.slice(1))),
    )
    .sort((a, b) => b.length - a.length);
  return { name, limits: SERVICE_LIMITS[name] ?? DEFAULT_LIMITS };
}
