/** Counts the seconds in which the page was in the foreground. */
export class Attention {
  #seconds: number;
  #since: number | null = null;

  constructor(
    seconds: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#seconds = seconds;
  }

  look(visible: boolean): void {
    const now = this.now();
    if (this.#since !== null) this.#seconds += (now - this.#since) / 1000;
    this.#since = visible ? now : null;
  }

  get seconds(): number {
    const running = this.#since === null ? 0 : (this.now() - this.#since) / 1000;
    return Math.round((this.#seconds + running) * 10) / 10;
  }
}
