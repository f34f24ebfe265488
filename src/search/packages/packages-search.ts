import { msg, type Message } from "../../common/messages.js";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE, type PackageLocation } from "../../core/domain/schema.js";
import type { InstalledPackage } from "../../reading/packages/installed-package.js";
import { listPackageFiles } from "../../reading/packages/package-files.js";
import type { PackageReader } from "../../reading/packages/package-reader.js";
import type { AskedQuestion, SearchProvider } from "../search-provider.js";
import { InMemoryShard } from "../workspace/in-memory-shard.js";
import { rankFiles, searchTerms } from "../workspace/rank-files.js";
import { asksAboutWorkspaceChoice, findFittingPackages, findNamedPackages } from "./choose-packages.js";

const packagesTraits: SearchTraits = {
  id: "packages",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: true,
  keeps: "hits",
  covers: "packages",
};

export const packagesProvider: SearchProvider = {
  ...packagesTraits,
  feature: "packageSearch",
  scope: "packages",
  isConfigured: () => true,
  open: ({ openPackages, asked, notice }) => createPackagesSearch(openPackages(), asked, notice),
};

/** Characters of text that are indexed of one package: its documents come first. */
const MAX_CHARACTERS = 5_000_000;

/** The index of one package. */
interface PackageIndex {
  shard: InMemoryShard;
  places: Map<string, PackageLocation>;
}

/**
 * Searches the installed packages that a question names, by BM25 over the passages of their documents and declarations.
 * Beside the workspace it answers only where a package is named; alone it also takes those that fit the question.
 * @param asked the session's own question: packages that it names are searched for its parts, too
 */
function createPackagesSearch(
  packages: PackageReader,
  asked: AskedQuestion,
  notice: (message: Message) => void = () => undefined,
): Search {
  const indexes = new Map<InstalledPackage, Promise<PackageIndex>>();
  const isAlone = !asked.scopes.includes("workspace");

  const choose = async (question: string, signal: AbortSignal): Promise<InstalledPackage[]> => {
    const installed = await packages.list(signal);
    if (installed.problem !== null) notice(installed.problem);
    else if (isAlone && installed.direct.length + installed.others.length === 0) {
      notice(msg`No installed packages were found: install what the workspace depends on.`);
    }
    const byName = (name: string): Promise<InstalledPackage | null> => packages.findByName(name, signal);
    const named = await findNamedPackages(`${asked.question}\n${question}`, installed, byName);
    if (!isAlone && asksAboutWorkspaceChoice(asked.question, named)) return [];
    return named.length > 0 || !isAlone ? named : findFittingPackages(question, installed.direct);
  };

  const indexOf = (found: InstalledPackage, signal: AbortSignal): Promise<PackageIndex> => {
    const known = indexes.get(found) ?? indexPackage(packages, found, signal);
    indexes.set(found, known);
    known.catch(() => indexes.delete(found));
    return known;
  };

  return {
    ...packagesTraits,
    async search(question, limit, signal) {
      signal.throwIfAborted();
      const chosen = await choose(question.question, signal);
      const lists = await Promise.all(
        chosen.map(async (each) => {
          const { shard, places } = await indexOf(each, signal);
          const mentioned = (texts: string[]) => Promise.resolve(texts.map(() => []));
          const ranked = await rankFiles(shard.search(searchTerms(question)), mentioned, limit);
          return ranked.flatMap(({ file, title }) => {
            const place = places.get(file);
            return place === undefined ? [] : [{ place, title }];
          });
        }),
      );
      signal.throwIfAborted();
      // Each package's best file first.
      const longest = Math.max(0, ...lists.map((list) => list.length));
      const hits = Array.from({ length: longest }, (_, rank) =>
        lists.flatMap((list) => list.slice(rank, rank + 1)),
      );
      return {
        value: { hits: hits.flat().slice(0, limit), grounded: null },
        usage: NO_USAGE,
        by: "packages",
      };
    },
  };
}

async function indexPackage(
  packages: PackageReader,
  found: InstalledPackage,
  signal: AbortSignal,
): Promise<PackageIndex> {
  const shard = new InMemoryShard("");
  const places = new Map<string, PackageLocation>();
  let characters = 0;
  for (const file of await listPackageFiles(found, signal)) {
    const place = packages.locate(found, file);
    // What cannot be read is not found.
    const reading = await packages.read(place, signal).catch(() => null);
    signal.throwIfAborted();
    if (reading === null || characters + reading.text.length > MAX_CHARACTERS) continue;
    characters += reading.text.length;
    places.set(file, place);
    const { title, text } = reading;
    await shard.add([{ path: file, size: text.length, modified: 0, text: { title, text } }]);
  }
  return { shard, places };
}
