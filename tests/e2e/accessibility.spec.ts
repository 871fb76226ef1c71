import { expectAccessible } from './support/accessibility';
import { agree, beginBattle, firstArena, hearBoth, verdict } from './support/arena';
import { showSamples } from './support/samples';
import { expect, test } from './support/test';

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme, reducedMotion: 'reduce' } as object);

    test('every step of a battle is accessible', async ({ page, request }) => {
      const picture = (name: string) => ({ path: `results/${scheme}-${name}.png`, fullPage: true });
      await page.goto(`/arena/${await firstArena(request)}`);
      await expect(page.getByRole('checkbox').first()).toBeVisible();
      await expectAccessible(page, 'the consent');
      await page.screenshot(picture('consent'));
      await agree(page);
      await expectAccessible(page, 'the prompt');
      await page.screenshot(picture('prompt'));
      await beginBattle(page);
      await expectAccessible(page, 'the locked vote');
      await page.screenshot(picture('arena'));
      await hearBoth(page);
      await expectAccessible(page, 'the open vote');
      await page.keyboard.press('t');
      await expect(page.getByRole('textbox').first()).toBeVisible();
      await expectAccessible(page, 'the comments');
      await page.screenshot(picture('vote'));
      await page.getByRole('button', { name: 'Submit vote' }).click();
      await expect(verdict(page)).toBeVisible();
      await expectAccessible(page, 'the reveal');
      await page.screenshot(picture('reveal'));
    });

    test('the other pages are accessible', async ({ page, request }) => {
      const arena = await firstArena(request);
      for (const [name, path] of [
        ['board', `/board/${arena}`],
        ['data', `/data/${arena}`],
        ['about', '/about'],
        ['nowhere', '/no/such/page'],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.waitForLoadState('load');
        await expectAccessible(page, name);
        await page.screenshot({ path: `results/${scheme}-${name}.png`, fullPage: true });
      }
      await showSamples(page);
      await page.goto(`/board/${arena}`);
      await expect(page.getByRole('table')).toBeVisible();
      await expectAccessible(page, 'a full board');
      await page.getByRole('tab', { name: 'Elo' }).click();
      await expectAccessible(page, 'the Elo board');
      await page.goto(`/data/${arena}`);
      await expect(page.getByText('Whoever knows your language').first()).toBeVisible();
      await expectAccessible(page, 'releases');
      await page.getByText('Look at some rows').first().click();
      await expect(page.getByRole('region', { name: 'First rows of votes' }).first()).toBeVisible();
      await page.getByText('All files and their checksums').first().click();
      await expectAccessible(page, 'a release with all it has');
      await page.screenshot({ path: `results/${scheme}-releases.png`, fullPage: true });
    });
  });
}

test('the theme that was chosen stays', async ({ page }) => {
  await page.goto('/about');
  const toggle = page.getByRole('button', { name: /^Colours/ });
  await toggle.click(); // light
  await toggle.click(); // dark
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
