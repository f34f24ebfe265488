import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";

/*
 * A file system that fails when it is told to, and one that tells what it was asked to do. It stands in for
 * node:fs/promises in this process alone; the program under test does not know it.
 */

/** One thing that was asked of the file system, below the folder that is watched. */
export interface FileOperation {
  /** What it is: "open", "appendFile", "datasync", "sync", "rename" … */
  name: string;
  file: string;
  /** Where a rename or a link leads. */
  to?: string;
  /** What is written. */
  bytes?: Buffer;
  /** How long a file is to be. */
  length?: number;
  /** What tells this open file from others of that name. */
  handle?: number;
  /** Flags of an open. */
  flags?: unknown;
}

export type Decide = (asked: FileOperation, number: number) => "fine" | "short" | NodeJS.ErrnoException;

const OF_HANDLE = ["appendFile", "writeFile", "write", "read", "readFile", "stat", "datasync", "sync", "truncate"]; // prettier-ignore
const OF_MODULE = ["open", "rename", "link", "unlink", "rm", "rmdir", "mkdir", "lstat", "stat", "realpath"]; // prettier-ignore

type FileFunction = (...given: unknown[]) => Promise<unknown>;

/**
 * Has every call below `folder` decided on, by its number from 1.
 * @param after told of each call that was done
 * @returns takes it away again
 */
export async function interceptFiles(
  folder: string,
  decide: Decide,
  after: (asked: FileOperation, number: number) => void = () => undefined,
): Promise<() => void> {
  const own = await fs.open(__filename);
  const prototype = Object.getPrototypeOf(own) as Record<string, FileFunction>;
  await own.close();
  const module = fs as unknown as Record<string, FileFunction>;
  const files = new WeakMap<FileHandle, { file: string; number: number }>();
  const restore: (() => void)[] = [];
  let number = 0;
  let handles = 0;

  const isWatched = (file: unknown): file is string =>
    typeof file === "string" && !path.relative(folder, path.resolve(file)).startsWith("..");

  const through = async (
    asked: FileOperation,
    work: () => Promise<unknown>,
    short: () => Promise<unknown>,
  ) => {
    const mine = ++number;
    const decided = decide(asked, mine);
    if (decided instanceof Error) {
      // A close that fails has closed all the same.
      if (asked.name === "close") await work();
      throw decided;
    }
    const done = decided === "short" ? await short() : await work();
    after(asked, mine);
    return done;
  };

  const wrap = (
    of: Record<string, FileFunction>,
    name: string,
    make: (real: FileFunction) => FileFunction,
  ): void => {
    const real = of[name];
    if (real === undefined) throw new Error(`There is no ${name}.`);
    restore.push(() => (of[name] = real));
    of[name] = make(real);
  };

  const opened = (handle: FileHandle, { file, handle: its = 0 }: FileOperation): void => {
    files.set(handle, { file, number: its });
    // Of this alone each open file has one of its own.
    const real = handle.close.bind(handle);
    handle.close = () => {
      const work = (): Promise<unknown> => real();
      return through({ name: "close", file, handle: its }, work, work) as Promise<void>;
    };
  };

  for (const name of OF_HANDLE) {
    wrap(prototype, name, (real) => {
      return function (this: unknown, ...given: unknown[]): Promise<unknown> {
        const known = files.get(this as FileHandle);
        if (known === undefined) return real.apply(this, given);
        const asked: FileOperation = { name, file: known.file, handle: known.number };
        const [content] = given;
        if (name === "appendFile" || name === "writeFile") asked.bytes = Buffer.from(content as string);
        if (name === "truncate") asked.length = content as number;
        return through(
          asked,
          () => real.apply(this, given),
          async () => {
            if (name === "read") {
              const [buffer, offset, length, position] = given as [Buffer, number, number, number];
              return real.call(this, buffer, offset, Math.max(1, Math.floor(length / 2)), position);
            }
            if (asked.bytes === undefined) return real.apply(this, given);
            await real.call(this, asked.bytes.subarray(0, Math.floor(asked.bytes.length / 2)));
            throw systemError("ENOSPC");
          },
        );
      };
    });
  }
  for (const name of OF_MODULE) {
    wrap(module, name, (real) => {
      return async function (...given: unknown[]): Promise<unknown> {
        const [file, to] = given;
        if (!isWatched(file)) return real(...given);
        const asked: FileOperation = { name, file: path.resolve(file) };
        if (isWatched(to)) asked.to = path.resolve(to);
        if (name === "open") {
          asked.flags = to;
          delete asked.to;
          asked.handle = ++handles;
        }
        const work = async (): Promise<unknown> => {
          const done = await real(...given);
          if (name === "open") opened(done as FileHandle, asked);
          return done;
        };
        return through(asked, work, work);
      };
    });
  }
  return () => restore.forEach((each) => each());
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}
