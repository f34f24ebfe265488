import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { aFolder } from "../../fakes/temporary-folder.js";
import { startFakeGemini } from "../../fakes/gemini.js";
import { runProgram } from "../../fakes/run-program.js";
import { namedSecrets, pemKey, randomText, tokens } from "../../fakes/secrets.js";

/* A workspace full of keys and passwords, with a stand-in for Gemini: none of them may be found anywhere afterwards. */

const ABOUT =
  "The Kestrel service signs in to its database with a password that is set when it is installed.";

/** Files as people have them, and what must not be found of each. */
function aWorkspaceOfSecrets(): { files: Record<string, string>; values: string[] } {
  const values: string[] = [];
  let seed = 1000;
  const secret = (length = 24): string => {
    const value = `${randomText(length - 3, "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", seed++)}x7!`;
    values.push(value);
    return value;
  };
  const plain = (): string => `Kestrel database password: ${secret()}\n${ABOUT}\n`;
  const key = pemKey("", 500);
  values.push(...key.body);
  const pgp = pemKey("PGP ", 600);
  values.push(...pgp.body);
  const files: Record<string, string> = {};
  // By their names, each with a text that answers the question.
  for (const name of [
    ".env", "prod.env", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", "pgpass.conf", ".htpasswd", "htpasswd", ".git-credentials", "id_rsa",
    "id_ed25519", "server.key", "tls.pem", "AuthKey.p8", "store.jks", "vault.kdbx", "key.ppk", "secring.gpg", "vpn.ovpn", "credentials",
    "credentials.json", "aws-credentials.ini", "secrets.yaml", "secret.toml", "app-secrets.yml", "passwords.json", "service-account.json",
    "gcp-service-account.json", "client_secret.json", "client_secret_1.apps.json", "kubeconfig", "kubeconfig.yaml", "prod.kubeconfig", "terraform.tfvars",
    "prod.tfvars.json", "terraform.tfstate", "terraform.tfstate.backup", "wg0.conf", "vault-password", "credentials.tfrc.json", "shadow", "cookies.txt",
    ".kube/config", ".aws/credentials", ".docker/config.json", ".ssh/config", "x.keytab", "firebase-adminsdk-1.json", "ssh_host_rsa_key",
  ]) files[name] = plain(); // prettier-ignore
  // By what they hold.
  files["ops/deploy"] = `${key.text}\n`;
  files["ops/signing.asc"] = `Kestrel password\n${pgp.text.replaceAll("KEY-", "KEY BLOCK-")}\n`;
  files["ops/cluster"] =
    `apiVersion: v1\nkind: Config\nclusters:\n- name: kestrel\nusers:\n- name: database\n  user:\n    token: ${secret(40)}\n`;
  files["ops/tunnel.conf"] =
    `[Interface]\nPrivateKey = ${secret(44)}\n[Peer]\n# Kestrel database password\nPresharedKey = ${secret(44)}\n`;
  files["ops/google.json"] = JSON.stringify({
    type: "service_account",
    about: ABOUT,
    private_key: secret(400),
  });
  files["ops/state.json"] =
    `{"terraform_version":"1","lineage":"k","about":"${ABOUT}","password":"${secret()}"}`;
  files["ops/passwords.txt"] = `kestrel: ${secret(9)}\ndatabase: ${secret(9)}\npassword: ${secret(9)}\n`;
  // Documents and programs that hold some, and are read.
  files["README.md"] =
    `# Kestrel\n\n${ABOUT}\n\n    password: ${secret()}\n\nIts token is ${tokens()["github"]!}.\n`;
  files["docs/credentials.md"] =
    `# Credentials of Kestrel\n\nThe database password of Kestrel is rotated every ninety days by the operator.\n\n` +
    Object.values(tokens())
      .map((token) => `The password service of the Kestrel database once gave out ${token} in an answer.\n\n`)
      .join("") +
    `${key.text}\n\n| user | password |\n|---|---|\n| database | ${secret()} |\n`;
  files["docs/secrets.txt"] =
    "The Kestrel database password is kept in the vault, and nobody but the operator may read it there.\n\n" +
    `In the old days the database password of Kestrel was set by "DB_PASSWORD=${secret()}" in its unit.\n`;
  files["docs/named.md"] =
    `# Names\n\n` +
    namedSecrets()
      .map(([line]) => `The Kestrel database password stands there as follows.\n\n${line}\n\n`)
      .join("");
  files["src/connect.ts"] =
    `// Kestrel's database password.\nexport const password = "${secret()}";\nexport const host = "db";\n`;
  files["app.yaml"] =
    `name: kestrel\ndatabase:\n  host: db\n  password: ${secret()}\n  pool: 5\n  level: info\n`;
  files["page.html"] =
    `<html><head><title>Kestrel</title></head><body><p>${ABOUT}</p><p>password: ${secret()}</p><pre>token = ${secret(40)}</pre></body></html>`;
  values.push(...Object.values(tokens()), ...namedSecrets().map(([, value]) => value));
  return { files, values };
}

async function everyText(folder: string): Promise<{ file: string; text: string }[]> {
  const names = await readdir(folder, { recursive: true });
  const found = names.map(async (name) => {
    const file = path.join(folder, name);
    return (await stat(file)).isFile() ? [{ file: name, text: await readFile(file, "latin1") }] : [];
  });
  return (await Promise.all(found)).flat();
}

describe("a workspace full of secrets", () => {
  for (const engine of ["gemini", "offline"]) {
    it(`gives none of them away (${engine})`, async () => {
      const { files, values } = aWorkspaceOfSecrets();
      const folder = await aFolder(files);
      const fake = await startFakeGemini();
      try {
        const env: Record<string, string> =
          engine === "gemini"
            ? { GEMINI_API_KEY: "fake-key-for-secrets", GEMINI_BASE_URL: fake.address, LOG_LEVEL: "DEBUG" }
            : {};
        const question = "How is the database password of Kestrel kept and rotated?";
        const args = [
          question,
          "--depth",
          "deep",
          "--source",
          "workspace",
          "--max-sources",
          "60",
          "--yes",
          "--json",
        ];
        const ended = await runProgram(folder.path, args, env);
        assert.equal(ended.code, 0, ended.stderr);
        const written = await everyText(path.join(folder.path, "data"));
        const all = [
          ...written,
          { file: "stdout", text: ended.stdout },
          { file: "stderr", text: ended.stderr },
          ...fake.requests.map(({ role, body }) => ({
            file: `request: ${role}`,
            text: JSON.stringify(body),
          })),
        ];
        assert.equal(fake.requests.length > 0, engine === "gemini");
        assert.ok(
          written.some(({ file }) => file.endsWith(".db")),
          "an index was kept",
        );
        // In a request and a journal, a value stands as JSON writes it.
        for (const value of values) {
          const forms = [value, JSON.stringify(value).slice(1, -1)];
          const holding = all.filter(({ text }) => forms.some((form) => text.includes(form)));
          assert.deepEqual(
            holding.map(({ file }) => file),
            [],
            value,
          );
        }
        // What is written about them was read.
        const snapshots = written.filter(({ file }) => /sources[\\/][0-9a-f]+\.md$/.test(file));
        for (const name of ["README.md", "docs/credentials.md", "docs/secrets.txt", "docs/named.md"]) {
          const one = snapshots.find(({ text }) => text.includes(`source: "${name}"`));
          assert.ok(one !== undefined, `${name} was read`);
          assert.match(one.text, /\[secret removed\]/, name);
        }
        for (const { text } of snapshots)
          assert.doesNotMatch(text, /^source: ".*(?:\.env|passwords\.txt|ops\/)/m);
        const report = written.find(({ file }) => /^reports[\\/].*\.md$/.test(file));
        assert.match(report?.text ?? "", /secrets were removed from the text/);
        const checked = await runProgram(folder.path, ["verify", path.join("data", report?.file ?? "")], env);
        assert.equal(checked.code, 0, checked.stdout);
      } finally {
        await fake.close();
        await folder.remove();
      }
    });
  }
});
