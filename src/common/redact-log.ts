import { homedir } from "node:os";
import { redact } from "./redact.js";

/**
 * A text as a log may hold it: without keys, tokens and passwords, and besides that without the query strings of
 * addresses, which often carry tokens or what someone looked for, and without the names of home folders.
 * @param key the key in use; null for none
 */
export function redactLogText(text: string, key: string | null, home = homedir()): string {
  // The values of a query are replaced first: what is left of it is no secret that would be looked for.
  const withoutQueries = text.replace(/\bhttps?:\/\/[^\s"'<>]+/gi, (address) => {
    const [place, ...query] = address.split("?");
    return query.length === 0 ? address : `${place}?[query]`;
  });
  const withoutSecrets = redact(withoutQueries, key).replace(
    /\b(Bearer|Basic)\s+[\w.~+/=-]{6,4000}/gi,
    "$1 [token]",
  );
  const withoutHome = home.length > 1 ? withoutSecrets.replaceAll(home, "~") : withoutSecrets;
  return withoutHome.replace(/(?<![\w.~-])(?:\/home|\/Users|[A-Z]:\\Users)[\\/][^\s\\/:"'<>]{1,64}/g, "~");
}
