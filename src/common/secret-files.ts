import { isDocumentFile } from "./document-files.js";
import type { Secret } from "./secrets.js";

/*
 * Detects files that contain mainly secrets. Documents about secrets that show one or two are still read, without
 * those secrets.
 */

/** Names of files that contain secrets, whatever their content. */
const SECRET_FILE_NAMES = new RegExp(
  "^(?:" +
    [
      // Names that programs look for
      "\\.env(?:\\..*)?|\\.envrc|[._]netrc|\\.npmrc|\\.yarnrc\\.ya?ml|\\.pypirc|\\.?pgpass(?:\\.conf)?|\\.?htpasswd|\\.?htdigest",
      "\\.?git-credentials|\\.my\\.cnf|\\.mylogin\\.cnf|\\.s3cfg|\\.boto|\\.dockercfg|\\.?dockerconfig(?:\\.?json)?|\\.vault-token",
      "\\.?vault[-_]pass(?:word)?(?:\\.txt)?|\\.terraformrc|terraform\\.rc|credentials\\.tfrc\\.json|\\.?kubeconfig(?:\\.\\w+)?",
      "shadow-?|gshadow-?|master\\.passwd|wg\\d{1,3}\\.conf|login\\.keychain.*|cookies\\.txt|sitemanager\\.xml|recentservers\\.xml",
      // Keys
      "id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:[._-].*)?|ssh_host_\\w{1,20}_key|(?:deploy|private|signing|server|client|ssh)[-_]?key",
      // Settings and data with these names; documents and source files may have them, too
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
const SECRET_FOLDERS = /(?:^|\/)\.(?:ssh|gnupg|aws|kube|docker|azure|gcloud|password-store)\//i;

/** A name that suggests passwords: such a file is read only if it is prose. */
const SUGGESTS_SECRETS =
  /(?:^|[-_. ])(?:pass(?:wd|words?|wort(?:er)?)?|credentials?|secrets?|logins?|api[-_]?(?:keys?|tokens?))(?:[-_. ]\w{1,20})?$/i;

/** True if the file's name says that it contains secrets. @param file with forward slashes */
export function isSecretFileName(file: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return !isDocumentFile(name) && (SECRET_FILE_NAMES.test(name) || SECRET_FOLDERS.test(file));
}

/** Formats of secret files: all patterns of one format must match. */
const SECRET_FORMATS: readonly (readonly RegExp[])[] = [
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
/** Number of characters at the start in which a format is looked for. */
const HEAD_CHARACTERS = 100_000;

/** Minimum number of characters besides secrets for a document to be read. */
const MIN_DOCUMENT_CHARACTERS = 100;
/** For other files: maximum share of secret characters, and of non-blank lines with secrets. */
const MAX_SECRET_SHARE = 0.3;
const MAX_SECRET_LINE_SHARE = 0.4;
/** Minimum share of characters in lines of several words for a text to count as prose. */
const MIN_PROSE_SHARE = 0.3;

/**
 * True if a file contains mainly secrets.
 * @param secrets those found in the text
 */
export function isMainlySecrets(file: string, text: string, secrets: Secret[]): boolean {
  const isDocument = isDocumentFile(file);
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.txt$/i, "");
  const hasSuggestiveName = !isDocument && !/\.\w{1,8}$/.test(name) && SUGGESTS_SECRETS.test(name);
  if (secrets.length === 0)
    return hasSuggestiveName && text.trim() !== "" && proseShare(text) < MIN_PROSE_SHARE;
  const removed = secrets.reduce((sum, { start, end }) => sum + (end - start), 0);
  const share = removed / Math.max(1, text.trim().length);
  if (isDocument) return share >= MAX_SECRET_SHARE && text.trim().length - removed < MIN_DOCUMENT_CHARACTERS;
  const head = text.slice(0, HEAD_CHARACTERS);
  if (SECRET_FORMATS.some((form) => form.every((part) => part.test(head)))) return true;
  if (share >= MAX_SECRET_SHARE) return true;
  if (proseShare(text) >= MIN_PROSE_SHARE) return false;
  return hasSuggestiveName || secretLineShare(text, secrets) >= MAX_SECRET_LINE_SHARE;
}

/** The share of characters in lines of at least five words. */
function proseShare(text: string): number {
  let all = 0;
  let prose = 0;
  for (const line of text.slice(0, HEAD_CHARACTERS).split("\n")) {
    all += line.trim().length;
    if ((line.match(/(?<![^\s("'])\p{L}+(?=[\s,.;:!?)"']|$)/gu) ?? []).length >= 5)
      prose += line.trim().length;
  }
  return all === 0 ? 0 : prose / all;
}

/** The share of lines with a secret among non-blank lines that are not comments. */
function secretLineShare(text: string, secrets: Secret[]): number {
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
