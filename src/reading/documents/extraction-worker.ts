import { worker } from "workerpool";
import { toResearchError } from "../../common/errors.js";
import { extractDocumentText, type RawDocument } from "./extract-text.js";
import type { ExtractionResult } from "./extraction-pool.js";

/* A thread that reads documents: what hangs or runs out of memory here is ended, and nothing else. */

worker({
  async read(document: RawDocument): Promise<ExtractionResult> {
    try {
      return { ok: true, text: await extractDocumentText(document) };
    } catch (error) {
      // Errors lose their kind between threads, so they cross as plain data.
      const { code, message, remedy } = toResearchError(
        error,
        "unreadable",
        `${document.address} could not be read`,
      );
      return { ok: false, code, message, remedy };
    }
  },
});
