import type { Secret } from "./secrets.js";

/*
 * Files that hold secrets and little else. They are told from documents that speak of secrets and show one or two:
 * those are read, without the secrets.
 */

/** Names of files that hold secrets, whatever stands in them. */
const STORES = new RegExp(
  "^(?:" +
    [
      // What programs look for by name
      "\\.env(?:\\..*)?|\\.envrc|[._]netrc|\\.npmrc|\\.yarnrc\\.ya?ml|\\.pypirc|\\.?pgpass(?:\\.conf)?|\\.?htpasswd|\\.?htdigest",
      "\\.?git-credentials|\\.my\\.cnf|\\.mylogin\\.cnf|\\.s3cfg|\\.boto|\\.dockercfg|\\.?dockerconfig(?:\\.?json)?|\\.vault-token",
      "\\.?vault[-_]pass(?:word)?(?:\\.txt)?|\\.terraformrc|terraform\\.rc|credentials\\.tfrc\\.json|\\.?kubeconfig(?:\\.\\w+)?",
      "shadow-?|gshadow-?|master\\.passwd|wg\\d{1,3}\\.conf|login\\.keychain.*|cookies\\.txt|sitemanager\\.xml|recentservers\\.xml",
      // Keys
      "id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:[._-].*)?|ssh_host_\\w{1,20}_key|(?:deploy|private|signing|server|client|ssh)[-_]?key",
      // Settings and data by these names; documents and programs may have them, too
      "(?:\\w{1,40}[-_.])?credentials?(?:\\.(?:json|ya?ml|toml|ini|cfg|conf|properties|xml|csv|plist|enc|ya?ml\\.enc))?",
      "(?:\\w{1,40}[-_.])?(?:secrets?|passwords?|passwd)(?:\\.(?:json|ya?ml|toml|ini|cfg|conf|properties|xml|csv|plist|enc|ya?ml\\.enc))?",
      "client[-_]secrets?.*\\.json|service[-_]?account.*\\.json|.*[-_]service[-_]?account.*\\.json|.*firebase[-_]?adminsdk.*\\.json",
      // By ending
      ".*\\.(?:env|pem|key|p8|p12|pfx|pkcs12|jks|jceks|bks|keystore|truststore|kdbx?|ppk|gpg|pgp|agekey|keytab|ovpn)",
      ".*\\.(?:tfvars|tfvars\\.json|tfstate|tfstate\\.backup|kubeconfig|htpasswd|pgpass|netrc|mobileprovision|rdp|snk)",
    ].join("|") +
    ")$",
  "i",
);

/** Folders in which programs keep keys. */
const FOLDERS = /(?:^|\/)\.(?:ssh|gnupg|aws|kube|docker|azure|gcloud|password-store)\//i;

/** What is written for people, whatever its name begins with. */
const DOCUMENT = /\.(?:md|markdown|mdx|rst|adoc|html?|xhtml|pdf)$/i;
/** A name that promises passwords: such a file is read only if it is written for people. */
const PROMISES =
  /(?:^|[-_. ])(?:pass(?:wd|words?|wort(?:er)?)?|credentials?|secrets?|logins?|api[-_]?(?:keys?|tokens?))(?:[-_. ]\w{1,20})?$/i;

/** True for a file whose name says that it holds secrets. @param file with forward slashes */
export function isSecretFileName(file: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return !DOCUMENT.test(name) && (STORES.test(name) || FOLDERS.test(file));
}

/** Forms of files that exist to hold secrets: all of one stand in such a file. */
const FORMS: readonly (readonly RegExp[])[] = [
  [/^PuTTY-User-Key-File-\d/],
  [/^\$ANSIBLE_VAULT;/],
  [/^# (?:Netscape )?HTTP Cookie File/],
  [/"type"\s{0,4}:\s{0,4}"(?:service_account|authorized_user)"/],
  [/^\s{0,4}\{\s{0,8}"(?:installed|web)"\s{0,4}:\s{0,4}\{/, /"client_secret"/],
  [/^\s{0,4}\{\s{0,8}"auths"\s{0,4}:/],
  [/"terraform_version"\s{0,4}:/, /"lineage"\s{0,4}:/],
  [/^kind:[ \t]{0,4}["']?Config\b/m, /^users:/m],
  [/^\[Interface\]/m, /^[ \t]{0,8}PrivateKey/m],
  [/^kind:[ \t]{0,4}["']?Secret\b/m],
];
/** Characters at a file's head in which its form is looked for. */
const HEAD = 100_000;

/** Characters beside its secrets that make a document one. */
const LEAST_OF_DOCUMENT = 100;
/** Of other files, the share of the characters, and that of the lines with something on them. */
const MOST_OF_FILE = 0.3;
const MOST_OF_LINES = 0.4;
/** Of a text for people, the share that stands in lines with several words. */
const PROSE = 0.3;

/**
 * True for a file that is mainly secrets.
 * @param secrets what was found in the text
 */
export function isMainlySecrets(file: string, text: string, secrets: Secret[]): boolean {
  const isDocument = DOCUMENT.test(file);
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.txt$/i, "");
  const hasPromise = !isDocument && !/\.\w{1,8}$/.test(name) && PROMISES.test(name);
  if (secrets.length === 0) return hasPromise && text.trim() !== "" && proseShare(text) < PROSE;
  const removed = secrets.reduce((sum, { start, end }) => sum + (end - start), 0);
  const share = removed / Math.max(1, text.trim().length);
  if (isDocument) return share >= MOST_OF_FILE && text.trim().length - removed < LEAST_OF_DOCUMENT;
  const head = text.slice(0, HEAD);
  if (FORMS.some((form) => form.every((part) => part.test(head)))) return true;
  if (share >= MOST_OF_FILE) return true;
  if (proseShare(text) >= PROSE) return false;
  return hasPromise || linesWith(text, secrets) >= MOST_OF_LINES;
}

/** The share of a text's characters that stand in lines as people write them: of five words and more. */
function proseShare(text: string): number {
  let all = 0;
  let prose = 0;
  for (const line of text.slice(0, HEAD).split("\n")) {
    all += line.trim().length;
    if ((line.match(/(?<![^\s("'])\p{L}+(?=[\s,.;:!?)"']|$)/gu) ?? []).length >= 5)
      prose += line.trim().length;
  }
  return all === 0 ? 0 : prose / all;
}

/** The share of lines that hold a secret, of those with something on them that is no comment. */
function linesWith(text: string, secrets: Secret[]): number {
  let [at, count, holding, next] = [0, 0, 0, 0];
  for (const line of text.split("\n")) {
    const end = at + line.length;
    while (next < secrets.length && (secrets[next]?.end ?? 0) <= at) next++;
    const holds = next < secrets.length && (secrets[next]?.start ?? 0) < end;
    if (holds || (line.trim().length > 2 && !/^\s*(?:#|\/\/|;|--|<!--)/.test(line))) count++;
    if (holds) holding++;
    at = end + 1;
  }
  return count === 0 ? 0 : holding / count;
}
