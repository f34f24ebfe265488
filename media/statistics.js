// Remembers which range is chosen and which tables are open, for when the page is shown again.
const vscode = acquireVsCodeApi();
const state = { range: undefined, open: [], ...vscode.getState() };
const titleOf = (details) => details.closest("section").getAttribute("aria-labelledby");

const chosen = document.getElementById(state.range ?? "");
if (chosen !== null) chosen.checked = true;
for (const radio of document.querySelectorAll("input[name=range]")) {
  radio.addEventListener("change", () => {
    state.range = radio.id;
    vscode.setState(state);
  });
}
for (const details of document.querySelectorAll("details")) {
  details.open = state.open.includes(titleOf(details));
  details.addEventListener("toggle", () => {
    state.open = [...document.querySelectorAll("details[open]")].map(titleOf);
    vscode.setState(state);
  });
}
