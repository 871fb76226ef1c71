import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test';

/** No violation of WCAG 2.2 A and AA or of the common best practices, as axe-core sees them. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Contrast is measured on the page at rest.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity)
        .map((a) => a.finished.catch(() => undefined)),
    ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map((v) => ({
    rule: v.id,
    where: v.nodes.map((n) => `${n.target.join(' ')}: ${n.failureSummary}`),
  }));
  expect(told, `accessibility of ${what}`).toEqual([]);
}
