import { findSecrets, replaceSecrets, secretsNote, withoutSecrets } from "../../common/secrets.js";
import { isSecretStore } from "../../common/secret-files.js";
import { ResearchError } from "../../common/errors.js";
import type { DocumentText } from "./extract-text.js";

/** Files of settings, where a password may be a mere word; texts in other languages have such words, too. */
const SETTINGS = /\.(?:ya?ml|toml|ini|cfg|cnf|conf|config|properties|xml|plist|hcl|tf)$/i;
const TRANSLATIONS =
  /(?:^|[/._-])(?:i18n|l10n|locales?|lang|languages?|translations?|messages?)(?:[/._-]|$)/i;

/** What was read, with a placeholder for each secret; a warning says how many there were. */
export function withoutSecretValues(found: DocumentText): DocumentText {
  const { text, removed } = withoutSecrets(found.text);
  return replaced(found, text, removed);
}

/**
 * As `withoutSecretValues`, of a workspace's file.
 * @throws ResearchError where the file is mainly secrets
 */
export function fileWithoutSecrets(file: string, found: DocumentText): DocumentText {
  const secrets = findSecrets(found.text, { isSettings: SETTINGS.test(file) && !TRANSLATIONS.test(file) });
  if (isSecretStore(file, found.text, secrets)) throw holdsSecrets(file);
  return replaced(found, replaceSecrets(found.text, secrets), secrets.length);
}

export function holdsSecrets(file: string): ResearchError {
  const error = new ResearchError("unreadable", `${file} holds secrets, so it is not read.`);
  // To whoever cites it, it is as if it were not there.
  error.gone = true;
  return error;
}

function replaced(found: DocumentText, text: string, removed: number): DocumentText {
  const title = withoutSecrets(found.title).text;
  const note = secretsNote(removed);
  const links = found.links.map((link) => ({
    text: withoutSecrets(link.text).text,
    url: withoutSecrets(link.url).text,
  }));
  return {
    ...found,
    title,
    text,
    links,
    warnings: note === null ? found.warnings : [...found.warnings, note],
  };
}
