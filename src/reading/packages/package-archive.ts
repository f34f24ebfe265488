import { readRegularFile } from "../../common/read-file.js";
import { listZipNames, readZipTexts } from "../documents/zip-entries.js";
import type { PackageArchive } from "./installed-package.js";

/** Bytes of an archive that is read, and of a file in it. */
const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;
const MAX_FILE_BYTES = 1024 * 1024;
/** Bytes of all files of a package that are read, unpacked. */
const MAX_PACKAGE_BYTES = 32 * 1024 * 1024;

/**
 * Opens a package that lies in a zip archive.
 * @param folder its folder in the archive, with a slash at its end
 * @param isRead which of its files are read, by their paths in the package
 * @returns null where the archive is missing, damaged, too large, or has no such folder
 */
export async function openPackageArchive(
  archive: string,
  folder: string,
  isRead: (file: string) => boolean,
): Promise<PackageArchive | null> {
  const read = (): Promise<Buffer> =>
    readRegularFile(archive, { maxBytes: MAX_ARCHIVE_BYTES, followLinks: false });
  const names = await read()
    .then(listZipNames)
    .catch(() => []);
  const files = names
    .filter((name) => name.startsWith(folder))
    .map((name) => name.slice(folder.length))
    .filter(isRead);
  if (files.length === 0) return null;
  let texts: Promise<Map<string, string>> | null = null;
  return {
    files,
    async read(file) {
      texts ??= read().then((bytes) =>
        readZipTexts(
          bytes,
          files.map((each) => folder + each),
          MAX_FILE_BYTES,
          MAX_PACKAGE_BYTES,
        ),
      );
      texts.catch(() => (texts = null));
      const text = (await texts).get(folder + file);
      return text === undefined ? null : Buffer.from(text);
    },
  };
}
