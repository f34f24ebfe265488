/*
 * Where requests to services go: to the service, or in tests to a stand-in on this machine.
 */

/** Names the stand-in's address, such as http://127.0.0.1:8080; any address of another machine is ignored. */
const STAND_IN = "DEEP_RESEARCH_TEST_SERVICES";

/** The address that a request is sent to. The stand-in gets the host as the first part of the path. */
export function sendableAddress(url: URL): URL {
  const base = process.env[STAND_IN] ?? "";
  const standIn = URL.canParse(base) ? new URL(base) : null;
  if (standIn?.hostname !== "127.0.0.1" || url.protocol !== "https:") return url;
  return new URL(`/${url.host}${url.pathname}${url.search}`, standIn);
}

/** Our name in requests to services. @param contact how the owner of a service reaches the user; empty: not at all */
export function serviceUserAgent(contact: string): string {
  return `DeepResearch/0.1 (research on behalf of a person${contact === "" ? "" : `; contact: ${contact}`})`;
}
