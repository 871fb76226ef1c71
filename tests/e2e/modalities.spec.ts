import type { APIRequestContext, Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { agree, beginBattle, gateOpen, side, verdict, voteFor } from './support/arena';
import { expect, test } from './support/test';

// The arenas of tests/e2e/arenas: agon admin apply tests/e2e/arenas/*.yaml

/** Opens a test arena, or skips where the server does not have it. */
async function open(page: Page, request: APIRequestContext, arena: string): Promise<void> {
  const there = (await request.get(`/api/v1/arenas/${arena}`)).ok();
  test.skip(!there, `the server has no arena ${arena}`);
  await page.goto(`/arena/${arena}`);
  await agree(page);
}

const shown = (page: Page) => page.getByRole('region', { name: /^Side/ }).allInnerTexts();

/** Battles until a system's answer is among those that are shown. */
async function battleWith(page: Page, words: string): Promise<'A' | 'B'> {
  for (let tries = 0; tries < 30; tries++) {
    await beginBattle(page, 'How does a fair vote work?');
    await expect(side(page, 'A').locator('p, table').first()).toBeVisible();
    const at = (await shown(page)).findIndex((text) => text.includes(words));
    if (at >= 0) return at === 0 ? 'A' : 'B';
    // A page that is left keeps its battle: forget it from another one.
    const address = page.url();
    await page.goto('/about');
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(address);
    await expect(page.locator('#prompt')).toBeVisible();
  }
  throw new Error(`no battle showed "${words}"`);
}

async function fits(page: Page): Promise<void> {
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(wide).toBeLessThanOrEqual(room);
}

test('texts are read side by side, and the vote waits until both were on the screen', async ({
  page,
  request,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, request, 'test-text');
  const letter = await battleWith(page, 'He who decides a case');
  const long = side(page, letter);
  await expect(long.getByRole('heading', { name: 'A fair vote' })).toHaveJSProperty(
    'tagName',
    'H3',
  );
  await expect(long.getByRole('table')).toBeVisible();
  await gateOpen(page);
  await expect(long.getByText('Read enough')).toBeVisible();
  await long.getByRole('button', { name: 'Copy' }).click();
  await expect(long.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('def winner');
  // It scrolls inside its card, also by the keyboard.
  const text = long.getByRole('group', { name: `Answer ${letter}` });
  const { scrolls, tall } = await text.evaluate((e) => ({
    scrolls: e.scrollHeight > e.clientHeight,
    tall: e.clientHeight,
  }));
  expect([scrolls, tall < 900 * 0.7]).toEqual([true, true]);
  await page.keyboard.press(letter === 'A' ? '1' : '2');
  await expect(text).toBeFocused();
  await expectAccessible(page, 'two texts');
  await voteFor(page, `${letter} is better`);
  await expect(verdict(page)).toContainText('The long one');
  await expectAccessible(page, 'two texts after the vote');
});

test('markup of a system stays without effect', async ({ page, request }) => {
  await open(page, request, 'test-text');
  const asked: string[] = [];
  page.on('request', (r) => asked.push(r.url()));
  const hostile = side(page, await battleWith(page, '<script>'));
  await expect(hostile).toContainText('<svg onload');
  await expect(hostile).toContainText('<iframe src=');
  expect(await hostile.locator('script, svg, img, iframe, b').count()).toBe(0);
  expect(
    await hostile.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))),
  ).toEqual(['https://tracker.example/pixel.png']);
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  expect(asked.filter((url) => /tracker|example\.org/.test(url))).toEqual([]);
});

test('an answer that names itself is told after the vote', async ({ page, request }) => {
  await open(page, request, 'test-text');
  await battleWith(page, 'I am ChatGPT');
  await gateOpen(page);
  await expect(page.getByRole('note')).toHaveCount(0);
  await voteFor(page, 'Tie');
  await expect(page.getByRole('note')).toContainText('does not move the leaderboard');
  await expectAccessible(page, 'a vote that does not count');
});

test('what is not on the screen is not read', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, request, 'test-text');
  await beginBattle(page, 'How does a fair vote work?');
  await expect(side(page, 'A').getByText('Read enough')).toBeVisible();
  // B looks in from the right: that is not reading.
  await expect(side(page, 'B').getByText(/s to read/)).toBeAttached();
  await expect(page.getByRole('radio', { name: 'A is better' })).toBeDisabled();
  await fits(page);
  await expectAccessible(page, 'texts on a phone');
  await page.screenshot({ path: 'results/text-phone.png', fullPage: true });
  await page.getByRole('button', { name: 'Side B' }).click();
  await gateOpen(page);
});

test('pictures appear together, are looked at, and can be enlarged', async ({ page, request }) => {
  await open(page, request, 'test-pictures');
  // One of the two is slow on its way.
  let held = 0;
  await page.route('**/media/*', async (route) => {
    if (held++ === 0) await new Promise((r) => setTimeout(r, 1500));
    await route.continue();
  });
  await beginBattle(page, 'A red square in the snow');
  const pictures = page.getByRole('img', { name: /The picture of side/ });
  await expect(page.getByRole('button', { name: /Enlarge/ }).first()).toBeDisabled();
  await expect(page.getByRole('button', { name: /Enlarge the picture of side A/ })).toBeEnabled();
  await expect(page.getByRole('button', { name: /Enlarge the picture of side B/ })).toBeEnabled();
  await gateOpen(page);
  await expectAccessible(page, 'two pictures');
  for (const src of await pictures.evaluateAll((all) =>
    all.map((i) => (i as HTMLImageElement).src),
  )) {
    const answer = await request.get(src);
    expect(answer.headers()['content-type']).toBe('image/png');
    expect((await answer.body()).toString('latin1')).not.toContain('wide one');
  }
  await page.getByRole('button', { name: 'Enlarge the picture of side B' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await voteFor(page, 'B is better');
  await expect(verdict(page)).toBeVisible();
});

test('pictures fit on a phone', async ({ page, request }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, request, 'test-pictures');
  await beginBattle(page, 'A red square in the snow');
  await fits(page);
  await side(page, 'A').scrollIntoViewIfNeeded();
  await expect(side(page, 'A').getByText('Seen enough')).toBeVisible();
  await side(page, 'B').getByRole('button').scrollIntoViewIfNeeded();
  await gateOpen(page);
  await page.screenshot({ path: 'results/pictures-phone.png', fullPage: true });
});
