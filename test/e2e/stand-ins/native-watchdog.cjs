// Stands in for @vscode/native-watchdog, which ends an extension host whose parent has died. Here the
// launcher ends the whole process group, so there is nothing to watch.
exports.start = () => {};
