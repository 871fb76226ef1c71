import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './support/accessibility';
import { agree, firstArena } from './support/arena';
import { expect, failedLoad, test } from './support/test';

async function takePart(page: Page, arena: string) {
  await page.goto(`/arena/${arena}`);
  await agree(page);
}

test('a stranger learns that nothing is held, and what a link is for', async ({ page, watch }) => {
  watch.expected.push(failedLoad);
  await page.goto('/');
  await page.getByRole('link', { name: 'My data' }).click();
  await expect(page.getByRole('heading', { name: /Nothing of yours is held/ })).toBeVisible();
  await expectAccessible(page, 'my data of a stranger');
});

test('by the link, on another device: seen, taken along, withdrawn, erased', async ({
  page,
  browser,
  request,
  watch,
}) => {
  watch.expected.push(failedLoad); // once what was erased is asked for
  await takePart(page, await firstArena(request));
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.getByRole('group', { name: 'link to your data' }).innerText();
  expect(link).toMatch(/\/my-data#[\w-]{43}$/);
  await expect(page.getByRole('button', { name: 'Make a new link' })).toBeVisible();

  const other = await browser.newContext({ acceptDownloads: true });
  const phone = await other.newPage();
  await phone.setViewportSize({ width: 390, height: 800 });
  const asked: string[] = [];
  phone.on('request', (r) => asked.push(r.url()));
  await phone.goto(link);
  await expect(phone.getByText('Shown by a link.')).toBeVisible();
  expect(phone.url()).toMatch(/\/my-data$/);
  expect(asked.filter((url) => url.includes(link.split('#')[1]!))).toEqual([]);
  await phone.reload();
  await expect(phone.getByText('Shown by a link.')).toBeVisible();

  const saving = phone.waitForEvent('download');
  await phone.getByRole('button', { name: 'Download my data' }).click();
  const saved = JSON.parse(await readFile(await (await saving).path(), 'utf8'));
  expect(saved.format).toBe('agon-my-data/1');

  await phone.getByRole('button', { name: 'Withdraw my votes and texts' }).click();
  await expect(phone.getByText('It is in no later release.')).toBeVisible();
  await expect(phone.getByText('You have agreed to no publication')).toBeVisible();

  // By keyboard alone, and not without saying yes.
  await phone.getByRole('button', { name: 'Erase all my data…' }).focus();
  await phone.keyboard.press('Enter');
  const dialog = phone.getByRole('dialog', { name: 'Erase all your data?' });
  await expect(dialog.getByText('cannot be called back')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Erase everything' })).toBeDisabled();
  await expectAccessible(phone, 'the question before erasing');
  await phone.screenshot({ path: 'results/my-data-erase.png' });
  await phone.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await phone.keyboard.press('Enter');
  await dialog.getByRole('checkbox').focus();
  await phone.keyboard.press('Space');
  await phone.keyboard.press('Enter');
  await expect(phone.getByRole('heading', { name: 'Your data are erased.' })).toBeFocused();
  await expectAccessible(phone, 'after the erasure');

  await page.reload();
  await expect(page.getByRole('heading', { name: /Nothing of yours is held/ })).toBeVisible();
  await phone.goto('/');
  await phone.goto(link);
  await expect(phone.getByRole('heading', { name: /This link is not valid/ })).toBeVisible();
  await other.close();
});

for (const scheme of ['light', 'dark'] as const)
  for (const width of [390, 1280])
    test(`my data fits a screen of ${width} pixels in ${scheme}`, async ({ browser, request }) => {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport: { width, height: 900 },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await takePart(page, await firstArena(request));
      await page.goto('/my-data');
      await page.getByRole('button', { name: 'Make a link' }).click();
      await expect(page.getByText('Keep this now.')).toBeVisible();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await expectAccessible(page, `my data in ${scheme} at ${width}`);
      await page.screenshot({ path: `results/my-data-${scheme}-${width}.png`, fullPage: true });
      await context.close();
    });
