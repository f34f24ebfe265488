/**
 * A queue in which sessions take turns: one item of each, round and round, and first in, first out
 * within a session. However much one session has waiting, another's next item stands behind one of it.
 */
export class FairQueue<T> {
  /** The sessions that have something waiting, the next one first. */
  readonly #lines = new Map<unknown, Set<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param item not in the queue yet */
  add(session: unknown, item: T): void {
    const line = this.#lines.get(session) ?? new Set();
    line.add(item);
    this.#lines.set(session, line);
    this.#size++;
  }

  /** Takes an item out that nobody wants any longer. @returns whether it was waiting */
  remove(session: unknown, item: T): boolean {
    const line = this.#lines.get(session);
    if (line?.delete(item) !== true) return false;
    if (line.size === 0) this.#lines.delete(session);
    this.#size--;
    return true;
  }

  /** The item whose turn it is; it stays. */
  peek(): T | undefined {
    for (const first of this.heads()) return first;
    return undefined;
  }

  /** Takes the item whose turn it is. Its session is the last one then. */
  take(): T | undefined {
    for (const [session, line] of this.#lines) {
      for (const item of line) {
        this.remove(session, item);
        this.#lines.delete(session);
        if (line.size > 0) this.#lines.set(session, line);
        return item;
      }
    }
    return undefined;
  }

  /** The first item of each session, in the order of their turns. */
  *heads(): Generator<T> {
    for (const line of this.#lines.values()) {
      for (const item of line) {
        yield item;
        break;
      }
    }
  }
}
