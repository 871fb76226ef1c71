import { expectAccessible } from './support/accessibility';
import { firstArena } from './support/arena';
import { showSamples } from './support/samples';
import { expect, test } from './support/test';

const views = ['Scores', 'Ranks', 'Pairs', 'Over time', 'Speed', 'Method'];

for (const scheme of ['light', 'dark'] as const) {
  test(`each view of a board is accessible in ${scheme}, and has an address`, async ({
    page,
    request,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await showSamples(page);
    const address = `/board/${await firstArena(request)}`;
    await page.goto(address);
    for (const view of views) {
      await page
        .getByRole('navigation', { name: 'Views' })
        .getByText(view, { exact: true })
        .click();
      await expect(page.getByText('Fetching')).toHaveCount(0);
      await expectAccessible(page, `the view ${view}`);
      await page.screenshot({
        path: `results/${scheme}-board-${view.replace(' ', '-').toLowerCase()}.png`,
        fullPage: true,
      });
    }
    await expect(page).toHaveURL(/view=method/);
    await page.goto(`${address}?view=pairs`);
    await expect(page.getByRole('heading', { name: 'Pairs' })).toBeVisible();
  });
}

test('a board can be narrowed, sorted and saved', async ({ page, request }) => {
  await showSamples(page);
  await page.goto(`/board/${await firstArena(request)}`);
  const names = page.locator('tbody th');
  await expect(names.first()).toContainText('First voice');

  await page.getByRole('button', { name: 'System', exact: true }).click();
  await expect(names.first()).toContainText('A third voice');
  await page.getByRole('button', { name: 'Score', exact: true }).click();
  await expect(names.first()).toContainText('First voice');
  await page.getByRole('button', { name: 'Score', exact: true }).click();
  await expect(names.first()).toContainText('Fourth voice');

  await page.getByRole('searchbox').fill('second');
  await expect(names).toHaveCount(1);
  await expect(page).toHaveURL(/find=second/);
  await page.getByRole('searchbox').fill('');

  await page.getByRole('combobox').selectOption('language:de');
  await expect(page).toHaveURL(/segment=language%3Ade/);
  await expect(page.getByRole('columnheader', { name: 'Against all votes' })).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/segment/);

  for (const kind of ['SVG', 'PNG']) {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: kind }).click();
    expect((await saved).suggestedFilename()).toMatch(new RegExp(`\\.${kind.toLowerCase()}$`));
  }
});

test('style control is a switch on the board that the address keeps', async ({ page, request }) => {
  await showSamples(page);
  const address = `/board/${await firstArena(request)}`;
  await page.goto(address);
  const style = page.getByRole('switch', { name: 'Style control' });
  await expect(style).not.toBeChecked();
  await expect(page.getByRole('tab')).toHaveText(['Bradley–Terry', 'Elo']);
  await style.check();
  await expect(page).toHaveURL(/method=contextual/);
  await expect(page.getByRole('columnheader', { name: 'Against the plain board' })).toBeVisible();
  await expectAccessible(page, 'a board with style control');
  await page.goto(`${address}?method=contextual&segment=language%3Ade`);
  await expect(style).toBeChecked();
  await expect(page.getByRole('tab', { name: 'Bradley–Terry' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await style.uncheck();
  await expect(page).toHaveURL(/method=bradley_terry&segment=language%3Ade/);
  await page.getByRole('tab', { name: 'Elo' }).click();
  await expect(style).toHaveCount(0);
});

test('the map of pairs is told in words, by keyboard', async ({ page, request }) => {
  await showSamples(page);
  await page.goto(`/board/${await firstArena(request)}?view=pairs`);
  await page.getByRole('group', { name: /Map of/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/First voice against Second voice: 80 votes, 40 won/)).toBeVisible();
});
