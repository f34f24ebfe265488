import { AsyncLocalStorage } from "node:async_hooks";

/*
 * The SDK calls `fetch` by its global name. It would follow a redirect with the key, and it drops an error's body.
 * The build binds that name, within the SDK alone, to the `fetch` of this file, which calls what its caller chose.
 */

const chosen = new AsyncLocalStorage<typeof globalThis.fetch>();

/**
 * The SDK's `fetch`: the build binds it.
 * @throws Error where it is called outside `withSdkFetch`
 * @public
 */
export const fetch: typeof globalThis.fetch = (...args) => {
  const own = chosen.getStore();
  if (own === undefined) return Promise.reject(new Error("The SDK may not send requests by itself."));
  return own(...args);
};

/** Runs `call`, in which the SDK sends its requests with `own`. */
export function withSdkFetch<T>(own: typeof globalThis.fetch, call: () => Promise<T>): Promise<T> {
  return chosen.run(own, call);
}
