import { parseArgs } from "node:util";
import { startFakeGemini } from "./gemini.js";

// The stand-in for Gemini, started by hand: npm run fake:gemini -- --port 8765 --latency 200
const { values } = parseArgs({
  options: { port: { type: "string", default: "8765" }, latency: { type: "string", default: "0" } },
});
void startFakeGemini({ port: Number(values.port), latency: Number(values.latency) }).then(({ address }) => {
  console.log(`The stand-in for Gemini listens on ${address}. Research against it:

  GEMINI_BASE_URL=${address} GEMINI_API_KEY=fake-key npm start -- "How are settings loaded?" --source workspace

Keys that begin with "bad" are refused, those that begin with "quota" are used up for today.`);
});
