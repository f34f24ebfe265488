/*
 * What reading a page costs with the bare library that everybody uses, as a measure of the machine:
 * pages in, milliseconds of processors for each out, in a process that has read none before.
 */
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";

process.once("message", ({ pages }: { pages: string[] }) => {
  const before = process.cpuUsage();
  for (const page of pages) {
    // The DOM's own types belong to browsers.
    const { document } = parseHTML(page) as unknown as { document: object };
    new Readability(document).parse();
  }
  const { user, system } = process.cpuUsage(before);
  process.send?.({ milliseconds: (user + system) / 1000 / pages.length });
});
process.once("disconnect", () => process.exit());
