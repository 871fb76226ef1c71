import type { Page, Route } from '@playwright/test';
import {
  agree,
  bothReady,
  enterBattle,
  firstArena,
  hearBoth,
  sentence,
  side,
  verdict,
  voteFor,
} from './support/arena';
import { expect, failedLoad, test } from './support/test';

const problem = (status: number, name: string, more: object = {}) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: `/problems/${name}`,
    title: name,
    status,
    detail: 'Told by a test.',
    ...more,
  }),
});
const keyOf = (route: Route) => route.request().headers()['idempotency-key'];
const begin = async (page: Page) => {
  await page.locator('#prompt').fill(sentence);
  await page.getByRole('button', { name: 'Start the battle' }).click();
};

test.beforeEach(({ watch }) => void watch.expected.push(failedLoad));

test('a full server is waited for as long as it says, with the same key', async ({
  page,
  request,
}) => {
  await page.goto(`/arena/${await firstArena(request)}`);
  await agree(page);
  const keys: (string | undefined)[] = [];
  await page.route('**/battles', (route) => {
    keys.push(keyOf(route));
    return keys.length === 1
      ? route.fulfill(problem(503, 'overloaded', { retry_after: 3 }))
      : route.continue();
  });
  await begin(page);
  await expect(page.getByText('Many people are here at the moment.')).toBeVisible();
  await expect(page.getByText(/^Trying again in \d s\.$/)).toBeVisible();
  await page.screenshot({ path: 'results/trouble-busy.png' });
  await bothReady(page);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test('a limit that lasts is told, and not knocked at', async ({ page, request }) => {
  await page.goto(`/arena/${await firstArena(request)}`);
  await agree(page);
  let calls = 0;
  await page.route('**/battles', (route) => {
    calls += 1;
    return route.fulfill(problem(429, 'too-many-requests', { retry_after: 600 }));
  });
  await begin(page);
  await expect(page.getByRole('alert')).toContainText('about 10 minutes');
  await expect(page.locator('#prompt')).toHaveValue(sentence);
  expect(calls).toBe(1);
});

test('a vote whose answer is lost counts once', async ({ page, request }) => {
  await enterBattle(page, await firstArena(request));
  await hearBoth(page);
  const tries: { key: string | undefined; body: string | null }[] = [];
  const statuses: number[] = [];
  await page.route('**/judgments', async (route) => {
    tries.push({ key: keyOf(route), body: route.request().postData() });
    const answer = await route.fetch();
    statuses.push(answer.status());
    return tries.length === 1
      ? route.abort('connectionreset')
      : route.fulfill({ response: answer });
  });
  await voteFor(page);
  await expect(verdict(page)).toBeVisible();
  expect(tries).toHaveLength(2);
  expect(tries[1]).toEqual(tries[0]);
  expect(statuses[0]).toBe(201);
});

test('a vote cast offline is sent when the network is back', async ({ page, context, request }) => {
  await enterBattle(page, await firstArena(request));
  await hearBoth(page);
  await context.setOffline(true);
  await expect(page.getByText(/^You are offline\. What you have done is kept/)).toBeVisible();
  await voteFor(page, 'B is better');
  await expect(page.getByText('You are offline.', { exact: true })).toBeVisible();
  await page.screenshot({ path: 'results/trouble-offline.png' });
  await context.setOffline(false);
  await expect(verdict(page)).toBeVisible();
});

test('a battle that failed keeps the prompt and offers it again', async ({ page, request }) => {
  await page.goto(`/arena/${await firstArena(request)}`);
  await agree(page);
  let failing = true;
  await page.route('**/battles', async (route) => {
    const answer = await route.fetch();
    const battle = (await answer.json()) as object;
    if (!failing) return route.fulfill({ response: answer });
    const json = { ...battle, state: 'failed', failure: 'Both voices fell silent.' };
    return route.fulfill({ response: answer, json });
  });
  await begin(page);
  await expect(page.getByRole('heading', { name: 'The systems could not answer' })).toBeVisible();
  await expect(page.getByText('Both voices fell silent.')).toBeVisible();
  await page.screenshot({ path: 'results/trouble-failed.png' });
  failing = false;
  await page.getByRole('button', { name: 'Same prompt again' }).click();
  await bothReady(page);
});

test('a battle that expired before the vote says so', async ({ page, request }) => {
  await enterBattle(page, await firstArena(request));
  await hearBoth(page);
  await page.route('**/judgments', (route) => route.fulfill(problem(410, 'battle-expired')));
  await page.route(/\/battles\/[0-9a-f-]+$/, async (route) => {
    const answer = await route.fetch();
    const json = { ...((await answer.json()) as object), state: 'expired' };
    return route.fulfill({ response: answer, json });
  });
  await voteFor(page);
  await expect(
    page.getByRole('heading', { name: 'The time for this battle is over' }),
  ).toBeVisible();
  await expect(page.getByText(sentence)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Same prompt again' })).toBeVisible();
});

test('sound that does not load can be tried again', async ({ page, request }) => {
  await page.route('**/media/**', (route) => route.abort());
  await enterBattle(page, await firstArena(request));
  await expect(side(page, 'A').getByText('The sound did not load.')).toBeVisible();
  await page.screenshot({ path: 'results/trouble-media.png' });
  await page.unroute('**/media/**');
  await side(page, 'A').getByRole('button', { name: 'Try again' }).click();
  await expect(side(page, 'A').getByText('Heard enough')).toBeVisible({ timeout: 30_000 });
});

test('without event streams the battle is asked for', async ({ page, request }) => {
  await page.route('**/battles/*/events', (route) => route.abort());
  await enterBattle(page, await firstArena(request));
});

test('exposures that are not taken are sent again', async ({ page, request }) => {
  await enterBattle(page, await firstArena(request));
  let refused = 0;
  await page.route('**/exposures', (route) => {
    refused += 1;
    return refused <= 3 ? route.fulfill(problem(503, 'unavailable')) : route.continue();
  });
  await hearBoth(page);
  expect(refused).toBeGreaterThan(3);
});

test('a changed consent text is asked for again, and says so', async ({ page, request }) => {
  const arena = await firstArena(request);
  await page.goto(`/arena/${arena}`);
  await agree(page);
  await page.route('**/api/v1/session', async (route) => {
    const answer = await route.fetch();
    const { consents } = (await answer.json()) as { consents: object[] };
    const json = { consents: consents.map((c) => ({ ...c, current: false })) };
    return route.fulfill({ response: answer, json });
  });
  await page.reload();
  await expect(page.getByText('The text has changed since you agreed.')).toBeVisible();
  await agree(page);
});

test('a lost session leads back to the consent and keeps the prompt', async ({
  page,
  context,
  request,
}) => {
  await page.goto(`/arena/${await firstArena(request)}`);
  await agree(page);
  await context.clearCookies();
  await begin(page);
  await agree(page);
  await expect(page.locator('#prompt')).toHaveValue(sentence);
});

test('a broken server is told in plain words, with a way on', async ({ page, request }) => {
  const arena = await firstArena(request);
  let broken = true;
  await page.route(`**/api/v1/arenas/${arena}`, (route) =>
    broken ? route.fulfill(problem(500, 'internal', { instance: 'req-42' })) : route.continue(),
  );
  await page.goto(`/arena/${arena}`);
  await expect(page.getByRole('alert')).toContainText('Something went wrong on our side.');
  await expect(page.getByRole('alert')).toContainText('req-42');
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('checkbox').first()).toBeVisible();
});

test('a battle out of reach after a reload is not given up', async ({ page, request }) => {
  await enterBattle(page, await firstArena(request));
  let away = true;
  await page.route(/\/battles\/[0-9a-f-]+$/, (route) =>
    away ? route.fulfill(problem(503, 'unavailable', { retry_after: 300 })) : route.continue(),
  );
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('A part of the server is away');
  away = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await bothReady(page);
});

test('an arena that does not exist is told, and a page that does not exist too', async ({
  page,
}) => {
  await page.goto('/arena/no-such-arena');
  await expect(page.getByRole('alert')).toContainText('This is not here.');
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is contested here');
  await page.getByRole('link', { name: 'To the arena' }).click();
  // The terms of the only arena, or the list of several.
  const terms = page.getByRole('checkbox').first();
  await expect(terms.or(page.getByRole('heading', { level: 1, name: 'Arenas' }))).toBeVisible();
});
