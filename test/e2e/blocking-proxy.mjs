// A proxy that lets nothing through: the browser sends it all that is not for 127.0.0.1. What the pages ask
// for is noted before it gets here (browser.mjs). What is left is the browser's own: a full Chromium looks for
// updates and accounts however many flags forbid it. That is refused as well, and is nobody's failure.
import http from "node:http";

/**
 * Opens the proxy on a free port of 127.0.0.1.
 * @returns {Promise<{ port: number, close: () => void }>} `close` must be called
 */
export async function openBlockingProxy() {
  const proxy = http.createServer((_request, response) => response.writeHead(403).end());
  const refuseTunnel = (_request, socket) => {
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  };
  proxy.on("connect", refuseTunnel).on("upgrade", refuseTunnel);
  await new Promise((resolve, reject) => {
    proxy.once("error", reject);
    proxy.listen(0, "127.0.0.1", resolve);
  });
  const close = () => {
    proxy.close();
    proxy.closeAllConnections();
  };
  return { port: proxy.address().port, close };
}
