import type { Page } from '@playwright/test';
import { agree, beginBattle, firstArena, hearBoth, verdict, voteFor } from './support/arena';
import { showSamples } from './support/samples';
import { expect, test } from './support/test';

async function expectFits(page: Page, what: string): Promise<void> {
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(wide, `${what} scrolls sideways`).toBeLessThanOrEqual(room);
}

/** Buttons, fields and links that stand alone can be hit with a thumb. */
async function expectTouchable(page: Page, what: string): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, textarea, label:has(input), nav a, summary')]
      .map((e) => ({ text: e.textContent?.trim(), box: e.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
      .map(({ text, box }) => `${text}: ${box.width}×${box.height}`),
  );
  expect(small, `too small to touch on ${what}`).toEqual([]);
}

for (const [width, height] of [
  [390, 844],
  [320, 640],
] as const) {
  test.describe(`on ${width}×${height}`, () => {
    test.use({ viewport: { width, height }, hasTouch: true, isMobile: true });

    test('a battle fits and can be touched', async ({ page, request }) => {
      const picture = (name: string) => ({
        path: `results/phone-${width}-${name}.png`,
        fullPage: true,
      });
      const check = async (name: string) => {
        await expectFits(page, name);
        await expectTouchable(page, name);
        await page.screenshot(picture(name));
      };
      await page.goto(`/arena/${await firstArena(request)}`);
      await expect(page.getByRole('checkbox').first()).toBeVisible();
      await check('consent');
      await agree(page);
      await check('prompt');
      await beginBattle(page);
      await check('arena');
      await hearBoth(page);
      await voteFor(page, 'B is better');
      await expect(verdict(page)).toBeVisible();
      await check('reveal');
    });

    test('the other pages fit', async ({ page, request }) => {
      const arena = await firstArena(request);
      await showSamples(page);
      for (const path of [`/board/${arena}`, `/data/${arena}`, '/about', '/no/such/page']) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        if (path.startsWith('/data')) {
          await page.getByText('All files and their checksums').first().click();
        }
        if (!path.startsWith('/about') && !path.startsWith('/no')) {
          await expect(page.getByRole('table').first()).toBeVisible();
        }
        await expectFits(page, path);
        await expectTouchable(page, path);
        await page.screenshot({
          path: `results/phone-${width}-${path.split('/')[1]}.png`,
          fullPage: true,
        });
      }
    });
  });
}

test('wide screens keep a readable measure', async ({ page, request }) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await showSamples(page);
  await page.goto(`/board/${await firstArena(request)}`);
  await expect(page.getByRole('table').first()).toBeVisible();
  await expectFits(page, 'the board');
  await page.screenshot({ path: 'results/wide-board.png', fullPage: true });
});
