// Signs in as the editor's own GitHub account does, with the token of DEEP_RESEARCH_TEST_TOKEN and without GitHub.
const vscode = require("vscode");

exports.activate = ({ subscriptions }) => {
  const sessions = [];
  const changed = new vscode.EventEmitter();
  const provider = {
    onDidChangeSessions: changed.event,
    getSessions: () => Promise.resolve(sessions),
    createSession: (scopes) => {
      const account = { id: "1", label: "octocat" };
      const session = { id: "1", accessToken: process.env.DEEP_RESEARCH_TEST_TOKEN, account, scopes };
      sessions.push(session);
      changed.fire({ added: [session], removed: [], changed: [] });
      return Promise.resolve(session);
    },
    removeSession: () => Promise.resolve(),
  };
  subscriptions.push(
    changed,
    vscode.authentication.registerAuthenticationProvider("github", "GitHub", provider),
  );
};
