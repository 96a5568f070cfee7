/** Actions that wait for an undo. Deleting cannot be taken back, so it is sent when the undo ends. */

/** The time that the message with the undo is shown. */
export const UNDO_MS = 10_000;

export class DelayedActions {
  private readonly waiting = new Map<
    string,
    { timer: ReturnType<typeof setTimeout>; run: () => Promise<void> }
  >();

  /** Runs an action after the undo has ended. */
  add(key: string, run: () => Promise<void>): void {
    const timer = setTimeout(() => void this.runNow(key), UNDO_MS);
    this.waiting.set(key, { timer, run });
  }

  /** Takes an action back. Returns whether it was still waiting. */
  takeBack(key: string): boolean {
    const found = this.waiting.get(key);
    if (found) clearTimeout(found.timer);
    return this.waiting.delete(key);
  }

  /** Runs all actions now. */
  async flush(): Promise<void> {
    await Promise.all([...this.waiting.keys()].map((key) => this.runNow(key)));
  }

  private async runNow(key: string): Promise<void> {
    const found = this.waiting.get(key);
    if (!this.takeBack(key)) return;
    await found?.run();
  }
}
