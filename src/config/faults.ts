import * as z from "zod";

/*
 * Faults to inject in the development environment, as "PART:CODE" or "PART:CODE:N", separated by commas: each call of
 * the part (each N-th one) fails with that error code.
 */

/** Where a fault can be injected. */
const FAULT_PARTS = ["model", "search", "read", "snapshot"] as const;

/** The error codes that can be injected, a subset of `ErrorCode`. */
const FAULT_CODES = [
  "overloaded",
  "rate-limit",
  "day-quota",
  "bad-key",
  "bad-answer",
  "blocked",
  "timeout",
  "no-network",
  "unreachable",
  "unreadable",
  "cannot-write",
] as const;

export const Fault = z.object({
  part: z.enum(FAULT_PARTS),
  code: z.enum(FAULT_CODES),
  /** Every so many calls fail; 1: each one. */
  every: z.coerce.number().int().min(1).max(1e6),
});
export type Fault = z.infer<typeof Fault>;

/** A list of faults from texts such as "model:overloaded:3", in a list or separated by commas. */
export const FaultList: z.ZodType<Fault[]> = z
  .union([z.string(), z.array(z.string())])
  .transform((given): unknown =>
    [given]
      .flat()
      .flatMap((text) => text.split(","))
      .filter((text) => text.trim() !== "")
      .map((text) => {
        const [part, code, every = "1", ...more] = text.trim().split(":");
        return more.length > 0 ? null : { part, code, every };
      }),
  )
  .pipe(z.array(Fault));
