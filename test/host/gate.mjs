// A proxy that lets nothing through and notes who asked: the browser sends it all that is not for 127.0.0.1.
// Page requests are refused (and noted with their whole address) before they get here; this catches what a
// page's route does not see, such as service workers and the browser's own calls.
import http from "node:http";

/**
 * Opens the gate on a free port of 127.0.0.1.
 * @param {(address: string) => void} refused told of each request
 * @returns {Promise<{ port: number, close: () => void }>}
 */
export async function openGate(refused) {
  const gate = http.createServer((request, response) => {
    refused(request.url);
    response.writeHead(403).end();
  });
  const refuseTunnel = (request, socket) => {
    refused(request.url);
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  };
  gate.on("connect", refuseTunnel).on("upgrade", refuseTunnel);
  await new Promise((resolve, reject) => {
    gate.once("error", reject);
    gate.listen(0, "127.0.0.1", resolve);
  });
  const close = () => {
    gate.close();
    gate.closeAllConnections();
  };
  return { port: gate.address().port, close };
}
