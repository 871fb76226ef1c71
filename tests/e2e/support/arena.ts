import type { APIRequestContext, Page } from '@playwright/test';
import { expect } from './test';

export const sentence = 'The assembly listens to both sides before it votes.';

export async function firstArena(request: APIRequestContext): Promise<string> {
  const answer = await request.get('/api/v1/arenas');
  const { arenas } = (await answer.json()) as { arenas: { id: string }[] };
  expect(arenas.length, 'the server has an arena').toBeGreaterThan(0);
  return arenas[0]!.id;
}

export const side = (page: Page, letter: 'A' | 'B') =>
  page.getByRole('region', { name: `Side ${letter}` });

export async function agree(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Agree and start' })).toBeVisible();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: 'Agree and start' }).click();
  await expect(page.locator('#prompt')).toBeVisible();
}

/** From the arena's page to two players. */
export async function beginBattle(page: Page, prompt = sentence): Promise<void> {
  await page.locator('#prompt').fill(prompt);
  await page.getByRole('button', { name: 'Start the battle' }).click();
  await bothReady(page);
}

export async function bothReady(page: Page): Promise<void> {
  await expect(side(page, 'A')).toBeVisible({ timeout: 40_000 });
  await expect(side(page, 'B')).toBeVisible();
}

export async function enterBattle(page: Page, arena: string): Promise<void> {
  await page.goto(`/arena/${arena}`);
  await agree(page);
  await beginBattle(page);
}

/** Plays each side until the server counts it as heard. */
export async function hearBoth(page: Page): Promise<void> {
  for (const letter of ['A', 'B'] as const) {
    await side(page, letter)
      .getByRole('button', { name: `Play ${letter}` })
      .click();
    await expect(side(page, letter).getByText('Heard enough')).toBeVisible({ timeout: 30_000 });
  }
  await gateOpen(page);
}

export async function gateOpen(page: Page): Promise<void> {
  await expect(page.getByRole('radio', { name: 'A is better' })).toBeEnabled({ timeout: 10_000 });
}

export const verdict = (page: Page) => page.getByRole('heading', { level: 2, name: /^You / });

export async function voteFor(page: Page, choice = 'A is better'): Promise<void> {
  await page.getByText(choice, { exact: true }).click();
  await page.getByRole('button', { name: 'Submit vote' }).click();
}
