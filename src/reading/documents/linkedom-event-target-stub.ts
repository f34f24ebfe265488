/**
 * Stands in the threads' bundle where linkedom has its EventTarget: every node and attribute of a page's tree is made
 * as one, with a map of its own, which is a quarter of the time that a page takes. Nobody listens to a page that is
 * only read. esbuild.js puts it there.
 */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class
export class EventTarget {}
