import {
  agree,
  beginBattle,
  enterBattle,
  firstArena,
  hearBoth,
  side,
  verdict,
  voteFor,
} from './support/arena';
import { expect, failedLoad, test } from './support/test';

const picture = (name: string) => ({ path: `results/${name}.png`, fullPage: true });

test('from consent to a board that moved', async ({ page, context, request, watch }) => {
  watch.expected.push(failedLoad); // the vote that is refused
  const arena = await firstArena(request);

  await page.goto(`/arena/${arena}`);
  await agree(page);

  const board = await context.newPage();
  await board.goto(`/board/${arena}`);
  await expect(board.getByRole('heading', { level: 1, name: 'Leaderboard' })).toBeVisible();
  const votesOf = async () => {
    const answer = await request.get(`/api/v1/arenas/${arena}/board`);
    return ((await answer.json()) as { votes: number }).votes;
  };
  const before = await votesOf();

  await page.bringToFront();
  await beginBattle(page);
  await page.screenshot(picture('arena'));

  await test.step('the audio is real and plays', async () => {
    const loudness = await page.evaluate(async () => {
      const sources = [...document.querySelectorAll('audio')].map((a) => a.src);
      return Promise.all(
        sources.map(async (source) => {
          const data = await (await fetch(source)).arrayBuffer();
          const decoded = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(data);
          const samples = decoded.getChannelData(0);
          const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
          return { seconds: decoded.duration, loudness: Math.sqrt(power) };
        }),
      );
    });
    expect(loudness).toHaveLength(2);
    for (const output of loudness) {
      expect(output.seconds).toBeGreaterThan(1);
      expect(output.loudness).toBeGreaterThan(0.005);
    }
    await side(page, 'A').getByRole('button', { name: 'Play A' }).click();
    const at = () =>
      page
        .locator('audio')
        .first()
        .evaluate((a: HTMLAudioElement) => a.currentTime);
    await expect.poll(at).toBeGreaterThan(0.3);
    await side(page, 'A').getByRole('button', { name: 'Pause A' }).click();
  });

  await test.step('the vote is refused before the gate is open', async () => {
    await expect(page.getByRole('radio', { name: 'B is better' })).toBeDisabled();
    await page.keyboard.press('b');
    await expect(page.locator('p.hint')).toHaveText(/^Before you vote, hear /);
    const answer = await page.evaluate(async (id) => {
      const kept = JSON.parse(sessionStorage.getItem(`agon.battle.${id}`) ?? '{}') as {
        battle: string;
      };
      const response = await fetch(`/api/v1/battles/${kept.battle}/judgments`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        body: JSON.stringify({ answers: [{ question: 'overall', value: 'b' }] }),
      });
      return { status: response.status, problem: (await response.json()) as { type: string } };
    }, arena);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.problem.type).toMatch(/gate-not-met$/);
  });

  await test.step('the gate opens when both were heard', () => hearBoth(page));

  await test.step('the choice can be changed, comments are written', async () => {
    await page.keyboard.press('a');
    await expect(page.getByRole('radio', { name: 'A is better' })).toBeChecked();
    await page.keyboard.press('b');
    await expect(page.getByRole('radio', { name: 'B is better' })).toBeChecked();
    const fields = page.getByRole('textbox');
    await fields.first().fill('Bare and a bit nasal.'); // has the letters of every key
    await expect(page.getByRole('radio', { name: 'B is better' })).toBeChecked();
    await page.screenshot(picture('vote'));
  });

  await test.step('the reveal names both systems', async () => {
    await page.getByRole('button', { name: 'Submit vote' }).click();
    await expect(verdict(page)).toHaveText(/^You preferred B: /);
    await expect(page.getByText('Your choice')).toHaveCount(1);
    for (const letter of ['A', 'B'] as const) {
      await expect(side(page, letter).getByText('Licence')).toBeVisible();
      await expect(side(page, letter).getByText('Generated in')).toBeVisible();
    }
    await page.screenshot(picture('reveal'));
  });

  await test.step('the board in the other tab moved within two seconds', async () => {
    const shown = board.getByText(`${before + 1} vote`, { exact: false }).first();
    await expect(shown).toBeVisible({ timeout: 2000 });
    await board.screenshot(picture('board'));
  });

  await test.step('comments can follow', async () => {
    await page.getByText('Add a comment').click();
    await page.getByRole('textbox').first().fill('Clear, but in a hurry.');
    await page.getByRole('button', { name: 'Send comments' }).click();
    await expect(page.getByRole('textbox')).toHaveCount(1);
  });

  await test.step('the next battle starts with an empty prompt', async () => {
    await page.getByRole('button', { name: 'Next battle' }).click();
    await expect(page.locator('#prompt')).toBeFocused();
    await expect(page.locator('#prompt')).toHaveValue('');
  });
});

test('a returning voter is not asked again, and a random prompt is ready', async ({
  page,
  request,
}) => {
  const arena = await firstArena(request);
  await page.goto(`/arena/${arena}`);
  await agree(page);
  await page.reload();
  await expect(page.locator('#prompt')).toBeVisible();
  await page.getByRole('button', { name: 'Surprise me' }).click();
  await expect(page.locator('#prompt')).not.toHaveValue('');
});

test('a reload keeps battle, choice and comments', async ({ page, request }) => {
  await enterBattle(page, await firstArena(request));
  const sources = () =>
    page.locator('audio').evaluateAll((all) => all.map((a) => (a as HTMLAudioElement).src));
  const before = await sources();
  await side(page, 'A').getByRole('button', { name: 'Play A' }).click();
  await expect(side(page, 'A').getByText('Heard enough')).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(side(page, 'A').getByText('Heard enough')).toBeVisible();
  expect(await sources()).toEqual(before);
  await side(page, 'B').getByRole('button', { name: 'Play B' }).click();
  await expect(page.getByRole('radio', { name: 'Tie' })).toBeEnabled({ timeout: 30_000 });
  await page.getByText('Tie', { exact: true }).click();
  await page.getByRole('textbox').last().fill('Hard to tell.');
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Tie' })).toBeChecked();
  await expect(page.getByRole('textbox').last()).toHaveValue('Hard to tell.');
  await page.getByRole('button', { name: 'Submit vote' }).click();
  await expect(verdict(page)).toHaveText('You called it a tie');
  await page.reload();
  await expect(verdict(page)).toHaveText('You called it a tie');
});

test('before the vote nothing that the page receives names a system', async ({ page, request }) => {
  const arena = await firstArena(request);
  const { systems } = (await (await request.get(`/api/v1/arenas/${arena}`)).json()) as {
    systems: { id: string; name: string }[];
  };
  const received: Promise<string>[] = [];
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (!/\/(battles|media)\b/.test(url.pathname)) return;
    const head = JSON.stringify(response.headers()) + url.href;
    if (url.pathname.startsWith('/media/')) received.push(Promise.resolve(head));
    else
      received.push(
        response.text().then(
          (body) => head + body,
          () => head,
        ),
      );
  });
  await enterBattle(page, arena);
  await hearBoth(page);
  const texts = await Promise.all(received);
  expect(texts.length).toBeGreaterThan(3);
  for (const { id, name } of systems) {
    for (const text of texts) {
      expect(text).not.toContain(name);
      expect(text).not.toContain(`"${id}"`);
    }
  }
  await voteFor(page);
  await expect(verdict(page)).toBeVisible();
});
