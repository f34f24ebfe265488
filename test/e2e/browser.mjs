// A browser in which nothing leaves 127.0.0.1, and every attempt of a page is noted.
import { chromium } from "playwright-core";
import { openBlockingProxy } from "./blocking-proxy.mjs";
import { install } from "./install.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Secrets are kept in the browser, sealed with a key that the server is asked for. */
const SEAL = Buffer.alloc(32, 7);

/**
 * Opens a browser with one empty page.
 * @param {{ width?: number, height?: number, language?: string }} options `language` is the window's: VS Code's own
 *   texts need a language pack and stay English, but extensions are told of it and say theirs
 * @returns {Promise<{
 *   page: import("playwright-core").Page,
 *   outbound: string[],
 *   console: string[],
 *   close: () => Promise<void>,
 * }>} `outbound` holds the addresses that were refused: an assertion, there should be none;
 *   `console` holds what the workbench said of errors, for a failure's report; `close` must be called
 */
export async function openBrowser({ width = 1280, height = 800, language } = {}) {
  const executablePath = await install();
  const outbound = [];
  const consoleErrors = [];
  const proxy = await openBlockingProxy();
  let browser;
  const close = async () => {
    await browser?.close();
    proxy.close();
  };
  try {
    browser = await chromium.launch({
      executablePath,
      args: [...FLAGS, `--proxy-server=127.0.0.1:${proxy.port}`, "--proxy-bypass-list=127.0.0.1"],
      // cleanup.mjs sees to these: the server must end as well.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    // Frames, webviews and service workers come through here too.
    await context.route("**/*", (route) => {
      const url = new URL(route.request().url());
      if (url.pathname.endsWith("/mint-key")) return route.fulfill({ body: SEAL });
      if (language !== undefined && url.pathname.endsWith("/out/nls.messages.js")) {
        return translateWorkbench(route, language);
      }
      if (isThisMachine(url)) return route.continue();
      outbound.push(url.href);
      return route.abort();
    });
    const page = await context.newPage();
    // Web sockets do not; the blocking proxy refuses them.
    page.on("websocket", (socket) => {
      if (!isThisMachine(new URL(socket.url()))) outbound.push(socket.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") consoleErrors.push(message.text());
    });
    return { page, outbound, console: consoleErrors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** VS Code's English texts, with the line by which a language pack tells its language. */
async function translateWorkbench(route, language) {
  const response = await route.fetch();
  const body = `${await response.text()}\nglobalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};\n`;
  return route.fulfill({ response, body });
}

/** Whether an address stays on this machine: 127.0.0.1, or what has no network, such as data: and blob: */
function isThisMachine(url) {
  return url.hostname === "127.0.0.1" || !/^(https?|wss?):$/.test(url.protocol);
}
