export interface Kept {
  about: string;
  body: string;
  key: string;
}

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

/**
 * Gives one Idempotency-Key and one body to one intention. What it is about (the prompt, the
 * answers) stays the same over retries and reloads, and so do key and body; once that
 * changes it is another intention, since the server refuses a known key with another body.
 */
export class Intent<Body> {
  #kept: Kept | null;

  constructor(kept: Kept | null = null) {
    this.#kept = kept;
  }

  /** `extend` adds what may differ from try to try, such as times; it is called once. */
  of(about: Partial<Body>, extend: () => Partial<Body> = () => ({})): { key: string; body: Body } {
    const text = JSON.stringify(about);
    if (this.#kept?.about !== text) {
      const body = JSON.stringify({ ...about, ...extend() });
      this.#kept = { about: text, body, key: randomKey() };
    }
    return { key: this.#kept.key, body: JSON.parse(this.#kept.body) as Body };
  }

  /** What to store so that a reload can go on; null before the first use. */
  get kept(): Kept | null {
    return this.#kept;
  }
}
