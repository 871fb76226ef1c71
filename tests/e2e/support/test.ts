import { test as base, expect } from '@playwright/test';

interface Watch {
  /** What the console may complain about, where a test breaks something on purpose. */
  expected: RegExp[];
}

/** A test that fails on any error in the console, on an exception and on a broken policy. */
export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ context }, use) => {
      const watch: Watch = { expected: [] };
      const seen: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') seen.push(message.text());
      });
      context.on('weberror', (error) => seen.push(String(error.error())));
      await use(watch);
      const unexpected = seen.filter((text) => !watch.expected.some((e) => e.test(text)));
      expect(unexpected, 'messages in the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The browser's own words for an answer that is an error, or for none. */
export const failedLoad = /Failed to load resource|net::ERR_/;
