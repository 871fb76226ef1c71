import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { agree, bothReady, firstArena, sentence } from './support/arena';
import { expect, failedLoad, test } from './support/test';

// The server's own arena may ask for text alone: what it tells of itself is widened here.
const form = {
  order: ['duration', 'mood', 'instrumental', 'lyrics'],
  schema: {
    type: 'object',
    required: ['duration'],
    properties: {
      duration: {
        type: 'integer',
        title: 'Seconds',
        minimum: 5,
        maximum: 300,
        default: 30,
      },
      mood: { type: 'string', title: 'Mood', enum: ['calm', 'dark', 'happy'] },
      instrumental: { type: 'boolean', title: 'Instrumental', default: false },
      lyrics: {
        type: 'string',
        title: 'Lyrics',
        maxLength: 3000,
        'x-unless': 'instrumental',
      },
    },
  },
};

async function widen(page: Page, arena: string): Promise<void> {
  await page.route(`**/api/v1/arenas/${arena}`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: { ...body, request: form } });
  });
}

const options = (page: Page) => page.locator('summary', { hasText: 'Options' });

test('fields are drawn from the schema, sent, kept over a reload', async ({ page, request }) => {
  const arena = await firstArena(request);
  await widen(page, arena);
  await page.goto(`/arena/${arena}`);
  await agree(page);
  await expect(options(page)).toContainText('Seconds, Mood, Instrumental, Lyrics');
  await options(page).click();
  await page.getByLabel('Seconds').fill('45');
  await page.getByLabel('Mood').selectOption('dark');
  await page.getByLabel('Lyrics').fill('La la la');
  await page.getByLabel('Instrumental').selectOption('Yes');
  await expect(page.getByLabel('Lyrics')).toBeDisabled();
  await expect(options(page)).toContainText('Seconds: 45 · Mood: dark · Instrumental');
  await expectAccessible(page, 'the form of a request');

  await page.reload();
  await expect(options(page)).toContainText('Seconds: 45 · Mood: dark · Instrumental');

  const sent: unknown[] = [];
  await page.route('**/battles', async (route) => {
    const body = route.request().postDataJSON() as Record<string, unknown>;
    sent.push(body['request']);
    const { request: _asked, ...rest } = body; // the server's arena has no such fields
    await route.continue({ postData: JSON.stringify(rest) });
  });
  await page.locator('#prompt').fill(sentence);
  await page.getByRole('button', { name: 'Start the battle' }).click();
  await bothReady(page);
  expect(sent).toEqual([{ duration: 45, mood: 'dark', instrumental: true }]);
});

test('what cannot be met is told at its field, and a refusal says why', async ({
  page,
  request,
  watch,
}) => {
  watch.expected = [failedLoad];
  const arena = await firstArena(request);
  await widen(page, arena);
  const refuse = async (body: object) => {
    await page.unroute('**/battles');
    await page.route('**/battles', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 422, title: '', ...body }),
      }),
    );
    await page.getByRole('button', { name: 'Start the battle' }).click();
  };
  await page.goto(`/arena/${arena}`);
  await agree(page);
  await page.locator('#prompt').fill(sentence);
  await refuse({
    type: '/problems/request-unsupported',
    detail: 'Change what is marked.',
    errors: [{ pointer: '/request/duration', reason: 'must be at most 60' }],
  });
  await expect(page.getByRole('alert')).toContainText('No two systems can do all of this.');
  await expect(page.getByLabel('Seconds')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#request-duration-hint')).toHaveText('must be at most 60');
  await refuse({
    type: '/problems/prompt-refused',
    detail: 'Prompts that call for violence are not taken here. Try another one.',
    reason: 'violence',
  });
  await expect(page.getByRole('alert')).toContainText('call for violence');
  await expect(page.locator('#prompt')).toHaveValue(sentence);
});

for (const [width, height] of [
  [320, 640],
  [390, 844],
  [1280, 800],
] as const) {
  test(`the form fits on ${width}×${height}`, async ({ page, request }) => {
    await page.setViewportSize({ width, height });
    const arena = await firstArena(request);
    await widen(page, arena);
    await page.goto(`/arena/${arena}`);
    await agree(page);
    await page.screenshot({ path: `results/request-closed-${width}.png`, fullPage: true });
    await options(page).click();
    await page.getByLabel('Seconds').fill('45');
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    expect(wide).toBeLessThanOrEqual(room);
    const small = await page
      .locator('details :is(input, select, textarea, summary)')
      .evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().height < 44).length);
    expect(small).toBe(0);
    await page.screenshot({ path: `results/request-open-${width}.png`, fullPage: true });
  });
}
