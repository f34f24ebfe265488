import os from "node:os";

/*
 * Timeouts by CPU time: time in which a thread could not run does not count in full, because a busy machine does not
 * mean that the thread hangs.
 */

/** CPU times of the machine, in milliseconds. */
export interface MachineTimes {
  at: number;
  /** Idle and total time of all processors. */
  idle: number;
  total: number;
  /** CPU time of this process. */
  own: number;
}

/** With a higher idle share, every thread could run. */
const FREE = 0.05;
/** Number of threads of this process that may run at once. */
const OWN_THREADS = 5;
/** Minimum counted share, so that a hanging thread is also stopped on a busy machine. */
const LEAST = 1 / 6;

export function readMachineTimes(): MachineTimes {
  const { user, system } = process.cpuUsage();
  const times: MachineTimes = { at: performance.now(), idle: 0, total: 0, own: (user + system) / 1000 };
  for (const cpu of os.cpus()) {
    const { idle, ...busy } = cpu.times;
    times.idle += idle;
    times.total += idle + busy.user + busy.nice + busy.sys + busy.irq;
  }
  return times;
}

/** The counted milliseconds between two measurements for one thread of this process. */
export function countedTime(before: MachineTimes, now: MachineTimes): number {
  const elapsed = now.at - before.at;
  const total = now.total - before.total;
  // Without CPU times from the system, use the clock.
  if (total <= 0 || (now.idle - before.idle) / total > FREE) return elapsed;
  return Math.min(elapsed, Math.max(elapsed * LEAST, (now.own - before.own) / OWN_THREADS));
}

/**
 * Calls back once the given counted time has passed.
 * @returns a function that cancels the timer
 */
export function afterCpuTime(
  milliseconds: number,
  callback: () => void,
  times = readMachineTimes,
): () => void {
  let left = milliseconds;
  let before = times();
  const tick = (): void => {
    const now = times();
    left -= countedTime(before, now);
    before = now;
    if (left <= 0) callback();
    else wait();
  };
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(tick, Math.max(10, Math.min(1000, left)));
  };
  wait();
  return () => clearTimeout(timer);
}
