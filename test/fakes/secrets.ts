/*
 * Secrets that open nothing, put together when a test runs, so that no scanner of this repository takes them for
 * real ones. They are the same each time.
 */

/** Letters and digits as a generator of keys gives them. */
export function randomText(length: number, alphabet: string, seed = 1): string {
  let state = seed * 2654435761;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return alphabet[(state >>> 8) % alphabet.length] ?? "";
  }).join("");
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";
const BASE62 = UPPER + LOWER + DIGITS;
const BASE64 = `${BASE62}+/`;
const HEX = "0123456789abcdef";

const word = (length: number, seed: number, alphabet = BASE62): string => randomText(length, alphabet, seed);

/** A private key in PEM, its lines 64 characters long. */
export function pemKey(kind = "RSA ", seed = 3): { text: string; body: string[] } {
  const body = Array.from({ length: 12 }, (_, line) => word(64, seed + line, BASE64));
  const head = (edge: string): string => `-----${edge} ${kind}PRIVATE KEY-----`;
  return { text: [head("BEGIN"), ...body, head("END")].join("\n"), body };
}

/** Tokens of known forms, by who gives them out. */
export function tokens(): Record<string, string> {
  const jwt = ["eyJ" + word(30, 40), "eyJ" + word(60, 41), word(43, 42)].join(".");
  return {
    aws: "AKIA" + word(16, 1, `${UPPER}234567`),
    awsSession: "ASIA" + word(16, 2, `${UPPER}234567`),
    google: "AIza" + word(35, 3),
    googleAccess: "ya29." + word(60, 4),
    googleClient: "GOCSPX-" + word(28, 5),
    github: "ghp_" + word(36, 6),
    githubApp: "gho_" + word(36, 7),
    githubFine: "github_pat_" + word(22, 8) + "_" + word(59, 9),
    gitlab: "glpat-" + word(20, 10),
    slack: ["xoxb", word(12, 11, DIGITS), word(12, 12, DIGITS), word(24, 13)].join("-"),
    slackHook:
      "hooks.slack.com/services/T" + word(8, 14, UPPER) + "/B" + word(8, 15, UPPER) + "/" + word(24, 16),
    stripe: "sk_live_" + word(24, 17),
    openai: "sk-" + word(48, 18),
    openaiProject: "sk-proj-" + word(80, 19),
    anthropic: "sk-ant-api03-" + word(93, 20),
    npm: "npm_" + word(36, 21),
    pypi: "pypi-AgEI" + word(80, 22),
    sendgrid: "SG." + word(22, 23) + "." + word(43, 24),
    twilio: "SK" + word(32, 25, HEX),
    telegram: word(10, 26, "123456789") + ":AA" + word(33, 27),
    mailchimp: word(32, 28, HEX) + "-us14",
    shopify: "shpat_" + word(32, 29, HEX),
    digitalocean: "dop_v1_" + word(64, 30, HEX),
    huggingface: "hf_" + word(34, 31),
    vault: "hvs." + word(90, 32),
    azureClient: word(3, 33) + "8Q~" + word(34, 34),
    bcrypt: "$2b$10$" + word(53, 35),
    crypt: "$6$" + word(8, 36) + "$" + word(86, 37),
    jwt,
  };
}

/** Lines that hold a secret by what it is called, each with the secret. */
export function namedSecrets(): [line: string, secret: string][] {
  const strong = (seed: number): string => word(40, seed);
  const short = (seed: number): string => word(5, seed, LOWER) + word(3, seed + 1, DIGITS) + "!";
  const make = (line: (secret: string) => string, secret: string): [string, string] => [line(secret), secret];
  return [
    make((s) => `aws_secret_access_key = ${s}`, strong(50)),
    make((s) => `password = "${s}"`, short(51)),
    make((s) => `DB_PASSWORD=${s}`, short(53)),
    make((s) => `  "clientSecret": "${s}",`, strong(54)),
    make((s) => `"api_key": "${s}"`, word(32, 55, HEX)),
    make((s) => `const apiKey = '${s}';`, strong(56)),
    make((s) => `    token: ${s}`, strong(57)),
    make((s) => `    client-key-data: ${s}`, word(400, 58, BASE64)),
    make((s) => `PrivateKey = ${s}`, word(43, 59, BASE64) + "="),
    make((s) => `Authorization: Bearer ${s}`, strong(60)),
    make((s) => `curl -H 'X-Api-Key: ${s}' https://api.example.org/`, strong(61)),
    make((s) => `postgres://app:${s}@db.internal:5432/main`, short(62)),
    make((s) => `AccountName=store;AccountKey=${s};EndpointSuffix=core`, word(86, 63, BASE64) + "=="),
    make((s) => `Server=tcp:db;User ID=sa;Password=${s};Encrypt=true`, short(64)),
    make((s) => `//registry.example.org/:_authToken=${s}`, strong(65)),
    make((s) => `machine git.example.org login me password ${s}`, short(66)),
    make((s) => `db.example.org:5432:main:app:${s}`, short(67)),
    make(
      (s) => `{ "auths": { "r.example.org": { "auth": "${s}" } } }`,
      Buffer.from(`me:${short(68)}`).toString("base64"),
    ),
    make((s) => `mysql -u root --password ${s} main`, short(69)),
    make((s) => `<password>${s}</password>`, short(70)),
    make((s) => `https://s.example.org/f?sv=2024&sig=${s}`, word(44, 71)),
    make((s) => `**Password:** ${s}`, short(72)),
    make((s) => `The password is \`${s}\`, and the user is admin.`, short(73)),
    make((s) => `| name | password |\n|---|---|\n| root | ${s} |`, short(74)),
    make((s) => `kind: Secret\ndata:\n  anything: ${s}\n`, Buffer.from(short(75)).toString("base64")),
  ];
}
