import { findSecrets, replaceSecrets, describeRemovedSecrets, removeSecrets } from "../../common/secrets.js";
import { isMainlySecrets } from "../../common/secret-files.js";
import { ResearchError } from "../../common/errors.js";
import type { DocumentText } from "./extract-text.js";

/** Files of settings, where a password may be a mere word; texts in other languages have such words, too. */
const SETTINGS = /\.(?:ya?ml|toml|ini|cfg|cnf|conf|config|properties|xml|plist|hcl|tf)$/i;
const TRANSLATIONS =
  /(?:^|[/._-])(?:i18n|l10n|locales?|lang|languages?|translations?|messages?)(?:[/._-]|$)/i;

/** What was read, with a placeholder for each secret; a warning says how many there were. */
export function removeDocumentSecrets(found: DocumentText): DocumentText {
  const { text, removed } = removeSecrets(found.text);
  return replaced(found, text, removed);
}

/**
 * As `withoutSecretValues`, of a workspace's file.
 * @throws ResearchError where the file is mainly secrets
 */
export function removeFileSecrets(file: string, found: DocumentText): DocumentText {
  const secrets = findSecrets(found.text, { isSettings: SETTINGS.test(file) && !TRANSLATIONS.test(file) });
  if (isMainlySecrets(file, found.text, secrets)) throw secretFileError(file);
  return replaced(found, replaceSecrets(found.text, secrets), secrets.length);
}

export function secretFileError(file: string): ResearchError {
  const error = new ResearchError("unreadable", `${file} contains secrets, so it is not read.`);
  // To whoever cites it, it is as if it were not there.
  error.gone = true;
  return error;
}

function replaced(found: DocumentText, text: string, removed: number): DocumentText {
  const title = removeSecrets(found.title).text;
  const note = describeRemovedSecrets(removed);
  const links = found.links.map((link) => ({
    text: removeSecrets(link.text).text,
    url: removeSecrets(link.url).text,
  }));
  return {
    ...found,
    title,
    text,
    links,
    warnings: note === null ? found.warnings : [...found.warnings, note],
  };
}
