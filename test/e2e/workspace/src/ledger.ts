/** Keeps what couriers answered, so that a crashed run can go on. */
export class Ledger {
  private readonly answers = new Map<string, string>();

  /** Notes an answer. A second answer for the same parcel is refused. */
  note(parcel: string, answer: string): void {
    if (this.answers.has(parcel)) throw new Error(`There is an answer for ${parcel} already.`);
    this.answers.set(parcel, answer);
  }
}
