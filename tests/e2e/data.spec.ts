import { expectAccessible } from './support/accessibility';
import { firstArena } from './support/arena';
import { showSamples } from './support/samples';
import { expect, test } from './support/test';

test('the data page tells what a release is, how to load it, and what it tells of a person', async ({
  page,
  request,
}) => {
  await showSamples(page);
  await page.goto(`/data/${await firstArena(request)}`);
  await expect(page.getByText('25,742 votes in 2 releases')).toBeVisible();
  await expect(page.getByRole('img', { name: /Votes per release/ })).toBeVisible();
  const card = page.getByRole('article', { name: '2026-10' });
  await expect(card.getByText('revision 1')).toBeVisible();
  await expect(card.getByText('chance of at most 2.44')).toBeVisible();
  await expect(card.getByText('783 pieces of personal data')).toBeVisible();
  await expect(card.getByText(/minisign -Vm SHA256SUMS -P RWQf6/)).toBeVisible();
  await expect(card.getByText(/agon verify --public-key RWQf6/)).toBeVisible();
  await expect(card.getByText(/pandas.read_parquet/)).toBeVisible();
  const gone = page.getByRole('article', { name: '2026-09' });
  await expect(gone.getByText('A name was found in a comment.')).toBeVisible();
  await expect(gone.getByRole('link')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Take your votes back' })).toBeVisible();
});

test('a participant takes back what was to be published', async ({ page, request }) => {
  const id = await firstArena(request);
  const arena = await (await request.get(`/api/v1/arenas/${id}`)).json();
  await page.goto(`/arena/${id}`);
  await page.evaluate(
    ([slug, text_sha256, purposes]) =>
      fetch(`/api/v1/arenas/${slug}/consent`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text_sha256, purposes }),
      }),
    [id, arena.consent.sha256, arena.consent.purposes.map((p: { id: string }) => p.id)] as const,
  );
  await page.goto(`/data/${id}`);
  await page.getByRole('button', { name: 'Take back my votes and texts' }).click();
  await expect(page.getByText('Nothing of yours will be in a later release.')).toBeVisible();
  const session = await page.evaluate(() => fetch('/api/v1/session').then((r) => r.json()));
  expect([...session.consents[0].purposes].sort()).toEqual(['be_counted', 'take_part']);
});

for (const width of [390, 1280])
  test(`the data page fits a screen of ${width} pixels, full and empty`, async ({
    page,
    request,
  }) => {
    const id = await firstArena(request);
    await page.setViewportSize({ width, height: 900 });
    for (const full of [false, true]) {
      if (full) await showSamples(page);
      else
        await page.route(/\/api\/v1\/arenas\/[^/]+\/releases/, (route) =>
          route.fulfill({ json: { releases: [] } }),
        );
      await page.goto(`/data/${id}`);
      await expect(page.getByRole('heading', { name: 'Terms' })).toBeVisible();
      if (full) await page.getByText('Look at some rows').first().click();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await expectAccessible(page, `the data page at ${width}`);
      await page.screenshot({
        path: `results/data-${width}-${full ? 'full' : 'empty'}.png`,
        fullPage: true,
      });
    }
  });
