/*
 * Size limits for files of sessions and reports. Larger files were not written by us and are rejected before they are
 * read, since the folders may come from a stranger, in a clone or an archive.
 */

const MB = 1024 ** 2;

export const JOURNAL_LIMITS = { maxBytes: 256 * MB, followLinks: false };
/** Maximum journal line: outcomes have a few kilobytes, the report of a previous session a few megabytes. */
export const JOURNAL_LINE_BYTES = 16 * MB;
export const JOURNAL_LINES = 200_000;
/** Number of unreadable lines after which a file is not accepted as a journal. */
export const UNREADABLE_LINES = 1000;
/** Maximum journal that is read at once: one of an older version, or an archived one without its listing. */
export const SMALL_JOURNAL_BYTES = 64 * MB;
export const SNAPSHOT_LIMITS = { maxBytes: 64 * MB, followLinks: false };
/** A report as data, with all its evidence and sources. */
export const REPORT_DATA_LIMITS = { maxBytes: 64 * MB, followLinks: false };
export const REPORT_LIMITS = { maxBytes: 5 * MB, followLinks: false };
/** For the changes of a refresh draft and for the listing of an archived session. */
export const DRAFT_LIMITS = { maxBytes: 16 * MB, followLinks: false };
export const LISTING_LIMITS = { maxBytes: MB, followLinks: false };
export const LOCK_LIMITS = { maxBytes: 4096, followLinks: false };
