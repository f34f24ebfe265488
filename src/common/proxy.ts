import type http from "node:http";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { ResearchError } from "./errors.js";
import { msg } from "./messages.js";

/*
 * Proxies of the environment: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in capitals or small letters. Node
 * ignores them. In VS Code, the editor also sends what passes node:http through its own setting `http.proxy`.
 */

/**
 * The proxy for a URL; null for a direct connection.
 * @throws ResearchError "bad-settings" if it is not an http or https proxy
 */
export function findProxy(url: URL): URL | null {
  const found = getProxyForUrl(url.href);
  if (found === "") return null;
  const proxy = parseProxy(found);
  if (proxy !== null) return proxy;
  throw new ResearchError(
    "bad-settings",
    msg`The proxy for ${url.host} is not an http or https URL.`,
    msg`Set HTTPS_PROXY and HTTP_PROXY to a URL such as http://proxy.example:3128, or name the host in NO_PROXY.`,
  );
}

function parseProxy(found: string): URL | null {
  const bare = found.replace(/^https?:\/\//, "");
  // Without a scheme, the variable means a plain proxy, whatever the URL that it is used for.
  const hasNoScheme =
    !bare.includes("://") &&
    Object.entries(process.env).some(([name, value]) => /_proxy$/i.test(name) && value === bare);
  const text = hasNoScheme ? `http://${bare}` : found;
  const proxy = URL.canParse(text) ? new URL(text) : null;
  return proxy !== null && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "" ? proxy : null;
}

/** An agent that sends one request for the URL through the proxy. A user name in the proxy's URL is sent to it. */
export function createProxyAgent(url: URL, proxy: URL): http.Agent {
  return url.protocol === "https:" ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
}
