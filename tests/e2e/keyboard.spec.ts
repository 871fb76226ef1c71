import { bothReady, firstArena, gateOpen, sentence, side, verdict } from './support/arena';
import { expect, test } from './support/test';

test('everything can be done without a pointer', async ({ page, request }) => {
  const arena = await firstArena(request);
  const focused = (selector: string) => page.locator(`${selector}:focus`);
  const tabTo = async (selector: string) => {
    for (let i = 0; i < 30; i++) {
      if ((await focused(selector).count()) > 0) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${selector}`);
  };

  await page.goto(`/arena/${arena}`);
  await expect(page.getByRole('checkbox').first()).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');

  for (const box of await page.locator('input[type=checkbox][required]').all()) {
    const value = await box.getAttribute('value');
    await tabTo(`input[value=${value}]`);
    await page.keyboard.press('Space');
    await expect(box).toBeChecked();
  }
  await tabTo('.consent button');
  await page.keyboard.press('Enter');

  await expect(page.locator('#prompt')).toBeFocused();
  await page.keyboard.type(sentence);
  await page.keyboard.press('Control+Enter');
  await bothReady(page);

  await page.keyboard.press('t');
  await expect(page.getByRole('radio', { name: 'Tie' })).not.toBeChecked();

  await test.step('keys play, and only one side at a time', async () => {
    await page.keyboard.press('1');
    await expect(side(page, 'A').getByRole('button', { name: 'Pause A' })).toBeVisible();
    await page.keyboard.press('2');
    await expect(side(page, 'B').getByRole('button', { name: 'Pause B' })).toBeVisible();
    await expect(side(page, 'A').getByRole('button', { name: 'Play A' })).toBeVisible();
    await expect(side(page, 'B').getByText('Heard enough')).toBeVisible({ timeout: 30_000 });
  });

  await test.step('arrow keys seek', async () => {
    const slider = side(page, 'A').getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    const at = () =>
      page
        .locator('audio')
        .first()
        .evaluate((a: HTMLAudioElement) => a.currentTime);
    await expect.poll(at).toBe(0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(at).toBeGreaterThanOrEqual(0.9);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(at).toBeLessThan(0.2);
  });

  await page.keyboard.press('1');
  await expect(side(page, 'A').getByText('Heard enough')).toBeVisible({ timeout: 30_000 });
  await gateOpen(page);

  await test.step('letters choose, but not while a field is typed in', async () => {
    await page.keyboard.press('n');
    await expect(page.getByRole('radio', { name: 'Both bad' })).toBeChecked();
    await page.keyboard.press('a');
    await expect(page.getByRole('radio', { name: 'A is better' })).toBeChecked();
    await tabTo('textarea');
    await page.keyboard.type('Not bad at all, but');
    await expect(page.getByRole('radio', { name: 'A is better' })).toBeChecked();
    await page.keyboard.press('Control+Enter');
  });

  await expect(verdict(page)).toBeFocused();
  await test.step('a vote can be taken back, after being asked', async () => {
    await tabTo('.offer button');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Take your vote back?' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await tabTo('.offer button');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Take it back' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText('You have taken this vote back.')).toBeVisible();
    await expect(page.getByRole('dialog')).toBeHidden();
  });
  await page.keyboard.press('n');
  await expect(page.locator('#prompt')).toBeFocused();
  await expect(page.locator('#prompt')).toHaveValue('');
});
