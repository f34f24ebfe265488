// Required by a program under test: says at its end how much memory it had taken.
const { writeFileSync } = require("node:fs");
if (require("node:worker_threads").isMainThread) {
  process.on("exit", () => writeFileSync(process.env.MEMORY_FILE, String(process.resourceUsage().maxRSS)));
}
