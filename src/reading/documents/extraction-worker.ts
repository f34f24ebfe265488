import { msg } from "../../common/messages.js";
import { worker } from "workerpool";
import { toResearchError } from "../../common/errors.js";
import { extractDocumentText, type RawDocument } from "./extract-text.js";
import type { ExtractionResult } from "./extraction-pool.js";

/* Worker thread that reads documents, so that a hang or memory exhaustion ends only this thread. */

worker({
  async read(document: RawDocument): Promise<ExtractionResult> {
    try {
      return { ok: true, text: await extractDocumentText(document) };
    } catch (error) {
      // Errors lose their class between threads, so they are passed as plain data.
      const { code, what, remedy } = toResearchError(
        error,
        "unreadable",
        msg`${document.address} could not be read`,
      );
      return { ok: false, code, what, remedy };
    }
  },
});
