import { worker } from "workerpool";
import { asResearchError } from "../../common/errors.js";
import { documentText, type Document } from "./extract-text.js";
import type { Read } from "./extraction-pool.js";

/* A thread that reads documents: what hangs or runs out of memory here is ended, and nothing else. */

worker({
  async read(document: Document): Promise<Read> {
    try {
      return { ok: true, text: await documentText(document) };
    } catch (error) {
      // Errors lose their kind between threads, so they cross as plain data.
      const { code, message, remedy } = asResearchError(
        error,
        "unreadable",
        `${document.address} could not be read`,
      );
      return { ok: false, code, message, remedy };
    }
  },
});
