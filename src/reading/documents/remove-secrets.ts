import { msg } from "../../common/messages.js";
import { findSecrets, replaceSecrets, describeRemovedSecrets, removeSecrets } from "../../common/secrets.js";
import { isMainlySecrets } from "../../common/secret-files.js";
import { ResearchError } from "../../common/errors.js";
import type { DocumentText } from "./document-text.js";

/** Settings files, where a password may be an ordinary word; translation files contain such words, too. */
const SETTINGS = /\.(?:ya?ml|toml|ini|cfg|cnf|conf|config|properties|xml|plist|hcl|tf)$/i;
const TRANSLATIONS =
  /(?:^|[/._-])(?:i18n|l10n|locales?|lang|languages?|translations?|messages?)(?:[/._-]|$)/i;

/** Replaces the secrets of a document and adds a warning with their number. */
export function removeDocumentSecrets(found: DocumentText): DocumentText {
  const { text, removed } = removeSecrets(found.text);
  return withReplacements(found, text, removed);
}

/**
 * Like `removeDocumentSecrets`, for a workspace file.
 * @throws ResearchError if the file contains mainly secrets
 */
export function removeFileSecrets(file: string, found: DocumentText): DocumentText {
  const secrets = findSecrets(found.text, { isSettings: SETTINGS.test(file) && !TRANSLATIONS.test(file) });
  if (isMainlySecrets(file, found.text, secrets)) throw secretFileError(file);
  return withReplacements(found, replaceSecrets(found.text, secrets), secrets.length);
}

export function secretFileError(file: string): ResearchError {
  const error = new ResearchError("unreadable", msg`${file} contains secrets, so it is not read.`);
  // For citations, the file counts as missing.
  error.gone = true;
  return error;
}

function withReplacements(found: DocumentText, text: string, removed: number): DocumentText {
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
