import os from "node:os";

/*
 * Time as a limit should count it: what a thread had no chance to use does not count in full. A machine that is busy
 * with other things is no sign that a thread hangs.
 */

/** A look at the machine. Times are in milliseconds. */
export interface MachineTimes {
  at: number;
  /** What all processors spent idle, and in all. */
  idle: number;
  total: number;
  /** What this process used of them. */
  own: number;
}

/** Above this share of idle time, whoever wanted to run could. */
const FREE = 0.05;
/** Threads of this process that may want to run at once. */
const OWN_THREADS = 5;
/** The least share that counts, so that what hangs on a busy machine is ended, too. */
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

/** The milliseconds between two looks that count for one thread of this process. */
export function countedTime(before: MachineTimes, now: MachineTimes): number {
  const elapsed = now.at - before.at;
  const total = now.total - before.total;
  // Where the system does not say, the clock counts.
  if (total <= 0 || (now.idle - before.idle) / total > FREE) return elapsed;
  return Math.min(elapsed, Math.max(elapsed * LEAST, (now.own - before.own) / OWN_THREADS));
}

/**
 * Calls back once so many milliseconds have passed that count.
 * @returns what stops it
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
