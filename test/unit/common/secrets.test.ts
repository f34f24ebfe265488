import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { isMainlySecrets, isSecretFileName } from "../../../src/common/secret-files.js";
import { findSecrets, SECRET_REMOVED, removeSecrets } from "../../../src/common/secrets.js";
import { redact } from "../../../src/common/redact.js";
import { namedSecrets, pemKey, randomText, tokens } from "../../fakes/secrets.js";

const kept = (text: string): string => removeSecrets(text).text;

describe("secrets in a text", () => {
  for (const [name, token] of Object.entries(tokens())) {
    it(`a token is known by its form: ${name}`, () => {
      for (const around of [
        "It is X.",
        "`X`",
        'a = "X";',
        "(X)",
        "X",
        "- X\n",
        "see https://x.org/?t=X&b=1",
      ]) {
        assert.equal(kept(around.replace("X", () => token)), around.replace("X", SECRET_REMOVED), around);
      }
      assert.ok(!redact(`failed with ${token}`, null).includes(token));
    });
  }

  for (const [line, secret] of namedSecrets()) {
    it(`a value is known by its name: ${line.replace(secret, "…").replaceAll("\n", " ").slice(0, 60)}`, () => {
      const { text, removed } = removeSecrets(`Before it.\n\n${line}\n\nBehind it.`);
      assert.equal(text, `Before it.\n\n${line.replace(secret, SECRET_REMOVED)}\n\nBehind it.`);
      assert.equal(removed, 1);
    });
  }

  it("private keys go whole, and every line stays where it was", () => {
    for (const kind of ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "]) {
      const { text: key, body } = pemKey(kind);
      const lines = kept(`one\n${key}\ntwo`).split("\n");
      assert.equal(lines[1], SECRET_REMOVED);
      assert.equal(lines.indexOf("two"), 15, kind);
      assert.ok(!body.some((line) => lines.join("\n").includes(line)));
      // As a string of a program, cut off, and quoted in a letter.
      assert.ok(!kept(`const key = "${key.replaceAll("\n", "\\n")}";`).includes(body[5]!));
      assert.ok(!kept(key.split("\n").slice(0, 9).join("\n")).includes(body[5]!));
      assert.ok(!kept(key.replace(/^/gm, "> ")).includes(body[5]!));
    }
    const block = pemKey("PGP ").text.replaceAll("KEY-", "KEY BLOCK-");
    assert.equal(kept(block).trim(), SECRET_REMOVED);
  });

  it("what is no secret stays to the letter", () => {
    const hex = (length: number): string => randomText(length, "0123456789abcdef", 9);
    const fine = [
      `sha256: ${hex(64)}`, `commit ${hex(40)}`, `"integrity": "sha512-${randomText(86, "abcXYZ0189+/", 5)}=="`,
      "id: 3f2b8c1e-5d4a-4f6b-9c7d-8e1f2a3b4c5d", `![x](data:image/png;base64,iVBORw0KGgo${randomText(200, "abcXYZ0189", 6)})`,
      "Set GEMINI_API_KEY=YOUR_API_KEY.", "password: <password>", 'password = "xxxxxxxx"', "token: ${{ secrets.TOKEN }}",
      "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "api_key = process.env.API_KEY_2", "https://user:password@host/", "postgres://$USER:$PASS1@db/",
      "const password = await readPassword(file1);", "password: string;", "let token = tokens[index1];", "Password: required",
      "The password is case-sensitive.", "The token is 16 bytes long.", "secretName: my-secret-1", "token_type: bearer",
      "max_tokens: 4096", "-----BEGIN PRIVATE " + "KEY-----", 'text.includes("-----BEGIN RSA PRIVATE ' + 'KEY-----")',
      "pwd: /home/user1", "the sk-fading-circle-with-many-letters class", "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", "bypass: level2x!", "minipass: ^7.1.2", "Bearer tokens are documented elsewhere.",
      "readonly STENCIL_PASS_DEPTH_PASS: 0x0B96", "https://example.org/a/very/long/path/with-many-words/2024/index.html",
      "password=[secret removed]", "| Password | yes |\n|---|---|\n| required | no |", "keywordToken: SyntaxKind.NewKeyword",
    ]; // prettier-ignore
    for (const text of fine) assert.equal(kept(text), text);
  });

  it("a text without its secrets has none, whatever stands around them", () => {
    const all = [...Object.values(tokens()), ...namedSecrets().map(([line]) => line), pemKey().text];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...all), fc.string()), { maxLength: 8 }), (parts) => {
        const text = parts.join("\n\n");
        const once = kept(text);
        assert.equal(once.split("\n").length, text.split("\n").length);
        assert.equal(kept(once), once);
      }),
      { numRuns: 300 },
    );
  });

  it("takes time in proportion to the text, whatever it holds", () => {
    const units = [
      "pass", "password=", "login a ", "://a:", ":5432:a:b:c", "-----BEGIN PRIVATE " + "KEY-----\n", "eyJaaaaaaaa.", "sk-", "$2b$",
      "Bearer ", '"auth":"', "a|", "| --- |", "<password ", "--password ", "kind: Secret\n", "key-data: ", "?sig=", "\\n", "Private-Lines: 9\n", "A1", "password is ", "-eyJ", "-eyJaaaaaaaa.eyJ", "SG.-", "\t", "-", "token=\t\t", "0a", "1:AA", "<pass ", "login a password ", "-us1", "+", ".", "`", "| `", "password\n|---|\n| ", "https://hooks.slack.com/services/T",
    ]; // prettier-ignore
    for (const unit of units) {
      const time = (length: number): number => {
        const text = unit.repeat(length / unit.length);
        // Of this process alone: others may be busy.
        const start = process.cpuUsage().user;
        isMainlySecrets("x", text, findSecrets(text));
        return (process.cpuUsage().user - start) / 1000;
      };
      time(20_000);
      const [small, large] = [Math.max(5, time(100_000)), time(1_000_000)];
      assert.ok(large < 1500 && large < small * 40, `${unit}: ${small} ms, then ${large} ms`);
    }
  });

  it("documents of this repository's own packages lose next to nothing", () => {
    const list = execFileSync("find", ["-L", "node_modules", "-name", "*.md", "-size", "-512k"], {
      encoding: "utf8",
    });
    let [bytes, removed] = [0, 0];
    for (const file of list.trim().split("\n")) {
      const text = readFileSync(file, "utf8");
      bytes += text.length;
      removed += removeSecrets(text).removed;
    }
    assert.ok(bytes > 1_000_000);
    assert.ok(removed / (bytes / 1e6) < 2, `${removed} in ${bytes} characters`);
  });
});

describe("files that hold secrets", () => {
  const isStore = (file: string, text: string): boolean => isMainlySecrets(file, text, findSecrets(text));

  it("are known by their names", () => {
    for (const name of [
      ".env", ".env.local", "prod.env", "id_rsa", "id_ed25519.old", "server.key", "tls.pem", "AuthKey_1.p8", "x.p12", "release.keystore",
      "terraform.tfvars", "prod.tfvars.json", "terraform.tfstate", "terraform.tfstate.backup", "client_secret_12.apps.json", "client_secrets.json",
      "service-account.json", "my-service-account-key.json", "credentials", "credentials.json", "aws-credentials.csv", "secrets.yaml", "secret.yml",
      "passwords.json", "kubeconfig", "kubeconfig.yaml", "prod.kubeconfig", ".kube/config", ".aws/credentials", ".docker/config.json", ".ssh/config",
      ".pgpass", "pgpass.conf", ".netrc", "_netrc", ".htpasswd", "htpasswd", ".git-credentials", ".npmrc", ".pypirc", "wg0.conf", "deploy_key",
      "ssh_host_rsa_key", "vault-password.txt", "credentials.tfrc.json", "key.ppk", "vault.kdbx", "secring.gpg", "client.ovpn", "shadow", "cookies.txt",
    ]) assert.ok(isSecretFileName(`a/b/${name}`), name); // prettier-ignore
  });

  it("are not documents and programs about them", () => {
    for (const name of [
      "credentials.md", "secrets.md", "secrets.txt", "secrets.adoc", "credentials.org", "passwords.tex", "credentials.rst", "passwords.html", "id_rsa.md", "service-account.md", "credentials.ts", "secret.py",
      "secrets.go", "passwords.txt", "api-keys.md", "keys.md", "environment.md", "wg-quick.conf.md", "deploy_key.md", "tokens.json", "password.rb",
    ]) assert.ok(!isSecretFileName(`docs/${name}`), name); // prettier-ignore
  });

  it("are known by what they hold", () => {
    const key = pemKey();
    const [, secret] = namedSecrets()[0]!;
    const stores: [string, string][] = [
      ["deploy", key.text],
      ["server.asc", pemKey("PGP ").text.replaceAll("KEY-", "KEY BLOCK-")],
      [
        "config",
        `apiVersion: v1\nkind: Config\nclusters:\n- name: a\nusers:\n- name: b\n  user:\n    token: ${secret}\n`,
      ],
      [
        "tunnel.conf",
        `[Interface]\nAddress = 10.0.0.2/24\n${namedSecrets()[8]![0]}\n[Peer]\nEndpoint = a.example.org:51820\n`,
      ],
      [
        "gcp.json",
        JSON.stringify({ type: "service_account", private_key: key.text, client_email: "a@b.example.org" }),
      ],
      ["state.json", `{"version": 4, "terraform_version": "1.9", "lineage": "a", "password": "${secret}"}`],
      ["backend.yaml", `kind: Secret\nmetadata:\n  name: x\ndata:\n  a: ${secret}\n`],
      ["passwords.txt", "admin: hunter2\nroot: toor\nguest: guest\n"],
      ["passwords", "swordfish\nletmein\n"],
      ["tokens.cfg", `github = ${tokens()["github"]!}\nnpm = ${tokens()["npm"]!}\n`],
      ["login.txt", "me\nmy own word\n"],
    ];
    for (const [name, text] of stores) assert.ok(isStore(name, text), name);
  });

  it("are not documents that show one", () => {
    const [line] = namedSecrets()[1]!;
    const prose =
      "To sign in, the service asks for a user and a password. Both are set when the service is installed.\n\n";
    const documents: [string, string][] = [
      ["README.md", `# Setup\n\n${prose}    ${line}\n\n${prose}`],
      ["docs/credentials.md", `# Credentials\n\n${prose}${line}\n`],
      ["secrets.txt", `${prose}${line}\n\n${prose}`],
      ["docs/passwords.md", "# Passwords\n\nadmin: hunter2\n"],
      ["docs/k8s.md", `# Deploying\n\n${prose}kind: Secret\n\n${prose}`],
      [
        "src/login.ts",
        `export function login() {\n  const user = "me";\n  ${line};\n  return connect(user);\n}\n`,
      ],
      ["app.yaml", `name: app\nport: 80\nhost: a\nlevel: info\n${line.replace(" =", ":")}\ntimeout: 5\n`],
    ];
    for (const [name, text] of documents) assert.ok(!isStore(name, text), name);
  });
});
