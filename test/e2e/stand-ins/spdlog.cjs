// Stands in for @vscode/spdlog, whose C++ has no prebuilt binary. Without a logger that writes, VS Code's
// log channels have no file to show.
const fs = require("node:fs");
const path = require("node:path");

const LEVELS = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  constructor(_type, _name, file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.file = file;
    this.level = 0;
    this.plain = false;
  }
  write(level, message) {
    if (level < this.level) return;
    fs.appendFileSync(this.file, this.plain ? message : `${stamp()} [${LEVELS[level]}] ${message}\n`);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  // VS Code knows one pattern, and its log view reads the time and level of a line by it.
  setPattern() {
    this.plain = false;
  }
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  drop() {}
}

["trace", "debug", "info", "warn", "error", "critical"].forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    this.write(level, message);
  };
});

/** The local time as spdlog writes it: 2026-01-31 13:05:09.250 */
function stamp() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
    .toISOString()
    .replace("T", " ")
    .slice(0, -1);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger("rotating", name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
