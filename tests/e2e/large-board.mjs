// How fluid a board of hundreds of systems is in a real browser: by hand, against a server that has
// one (tests/bench/ratings/live.py --systems 300 --keep). Prints, for phone and desktop, how long
// each view takes to be drawn, the frames while it is scrolled and while somebody types, and
// the longest task that held up the page. Screenshots go to results/large.
//
//   AGON_URL=http://127.0.0.1:PORT node large-board.mjs [arena]
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const base = process.env.AGON_URL ?? 'http://localhost:8080';
const arena = process.argv[2] ?? 'trial';
const views = ['scores', 'ranks', 'pairs', 'history', 'speed', 'method'];
const sizes = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
  desktop: { viewport: { width: 1366, height: 850 } },
};
mkdirSync('results/large', { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
  ],
});

// Frames and long tasks while `act` runs in the page.
async function watched(page, act) {
  await page.evaluate(() => {
    window.seen = { frames: [], tasks: [], on: true };
    let last = performance.now();
    const frame = (now) => {
      window.seen.frames.push(now - last);
      last = now;
      if (window.seen.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    window.observer = new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.seen.tasks.push(task.duration);
    });
    window.observer.observe({ type: 'longtask' });
  });
  await act();
  return page.evaluate(() => {
    window.seen.on = false;
    window.observer.disconnect();
    const frames = window.seen.frames.slice(1).sort((a, b) => a - b);
    const at = (share) =>
      frames[Math.min(frames.length - 1, Math.floor(share * frames.length))] ?? 0;
    return {
      n: frames.length,
      p50: at(0.5),
      p95: at(0.95),
      worst: at(1),
      task: Math.max(0, ...window.seen.tasks),
    };
  });
}

const say = (size, what, took, f) =>
  console.log(
    `${size.padEnd(8)} ${what.padEnd(22)} ${took === null ? '       ' : `${took.toFixed(0).padStart(5)} ms`}` +
      `  frames p50 ${f.p50.toFixed(0).padStart(4)}  p95 ${f.p95.toFixed(0).padStart(4)}  worst ${f.worst.toFixed(0).padStart(5)} ms` +
      `  longest task ${f.task.toFixed(0).padStart(5)} ms`,
  );

async function scroll(page) {
  for (let i = 0; i < 30; i++) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(30);
  }
}

for (const [size, options] of Object.entries(sizes)) {
  const context = await browser.newContext({ ...options, locale: 'en-GB' });
  const page = await context.newPage();
  for (const view of views) {
    const begun = Date.now();
    let took = 0;
    const loading = await (async () => {
      await page.goto(`${base}/board/${arena}?view=${view}`);
      await page.locator('#board').waitFor();
      await page
        .getByText('Fetching')
        .first()
        .waitFor({ state: 'detached' })
        .catch(() => {});
      await page.locator('#board :is(svg, canvas, table, dl, ol)').first().waitFor();
      took = Date.now() - begun;
      const more = page.locator('#board').getByRole('button', { name: /^Show all/ });
      return watched(page, async () => {
        while ((await more.count()) > 0) await more.first().click();
        await page.waitForTimeout(300);
      });
    })();
    say(size, `${view}, all shown`, took, loading);
    await page.mouse.move(options.viewport.width / 2, options.viewport.height / 2);
    say(size, `${view}, scrolled`, null, await watched(page, () => scroll(page)));
    if (view === 'pairs') {
      await page.locator('canvas').scrollIntoViewIfNeeded();
      const box = await page.locator('canvas').boundingBox();
      say(
        size,
        'pairs, pointed at',
        null,
        await watched(page, async () => {
          for (let i = 0; i < 60; i++) {
            await page.mouse.move(box.x + 20 + i * 4, Math.max(box.y, 0) + 40 + i * 4);
            await page.waitForTimeout(15);
          }
        }),
      );
    }
    if (view === 'scores') {
      await page.evaluate(() => scrollTo(0, 0));
      say(
        size,
        'scores, typed',
        null,
        await watched(page, async () => {
          await page.getByRole('searchbox').pressSequentially('model 12', { delay: 60 });
          for (let i = 0; i < 8; i++) await page.keyboard.press('Backspace', { delay: 40 });
        }),
      );
      const style = page.getByRole('switch');
      if ((await style.count()) > 0)
        say(
          size,
          'scores, style switched',
          null,
          await watched(page, async () => {
            await style.check();
            await page.waitForTimeout(1500);
            await style.uncheck();
            await page.waitForTimeout(1000);
          }),
        );
      say(
        size,
        'scores, sorted',
        null,
        await watched(page, async () => {
          for (const name of ['System', 'Votes', 'Score', 'Rank']) {
            await page.getByRole('button', { name, exact: true }).click();
            await page.waitForTimeout(200);
          }
        }),
      );
    }
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => scrollTo(0, 0));
      await page.waitForTimeout(150);
      await page.screenshot({ path: `results/large/${size}-${colorScheme}-${view}.png` });
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }
  await context.close();
}
await browser.close();
