// The tablet with the whole edition and a processor four times slower: cold start without a network, opening a sheet, and
// the time from a tap to paint and to "đã lưu trên máy". The clock is the page's own.

import fs from 'node:fs';
import path from 'node:path';
import { type CDPSession, type Page, test } from '@playwright/test';
import { Device } from '../harness/chromium';
import { repository } from '../harness/product';
import { EDITION, account } from '../harness/sample';
import { Server } from '../harness/server';
import { signIn } from '../screens/sign_in';
import { type Tap, type Timed, installClock } from './clock';
import { type Row, atMost, percentile } from './figures';

const SLOWER = 4;
const juror = account(process.env.BINHCHON_BENCH_JUROR ?? 'giamkhao04');
const products = fs.readFileSync(path.join(repository, EDITION, 'products.csv'), 'utf8').trim().split('\n').length - 1;
const taps = Number(process.env.BINHCHON_BENCH_TAPS ?? 200);
const starts = Number(process.env.BINHCHON_BENCH_STARTS ?? 5);

test('the tablet', async () => {
  const server = await Server.withSample(process.env.BINHCHON_PREPARED!);
  const device = new Device();
  try {
    await enrol(await device.switchOn(), server.url);
    await server.stop();

    const cold: number[] = [];
    const opening: number[] = [];
    const tapped: Tap[] = [];
    let work = 0;
    for (let start = 0; start < starts; start += 1) {
      await device.switchOff();
      const page = await device.switchOn();
      const session = await slowed(page);
      await page.addInitScript(installClock);
      await page.goto(`${server.url}/work`, { waitUntil: 'commit' });
      cold.push(await page.evaluate(() => window.bench.workList));
      work = await page.getByTestId(/^work-item-/).count();
      opening.push(...(await openSheets(page)));
      // The sheet that was opened last is the one that is marked.
      tapped.push(...(await tapKeys(page, Math.ceil(taps / starts))));
      await session.detach();
    }
    report({ cold, opening, tapped, work });
  } finally {
    await device.remove();
    await server.remove();
  }
});

/** First use, with a network: until everything is on board. */
async function enrol(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await signIn(page, juror);
  await page.getByTestId(/^work-item-/).first().waitFor();
  await page.locator('html[data-offline="ready"]').waitFor({ timeout: 60_000 });
}

async function slowed(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return session;
}

/** From the tap on the product's button to the sheet on the screen, several products in turn. */
async function openSheets(page: Page): Promise<number[]> {
  const times: number[] = [];
  const blank = page.locator('[data-testid^="work-item-"][data-state="none"]');
  for (let place = 0; place < 5; place += 1) {
    await blank.nth(place).click();
    const button = page.getByTestId('open-sheet');
    await button.waitFor();
    const target = await middle(page, '[data-testid="open-sheet"]');
    await page.evaluate(() => window.bench.await(window.bench.until('[data-testid^="criterion-"]')));
    times.push((await pressed<Timed>(page, target)).painted);
    if (place < 4) {
      await page.goBack();
      await button.waitFor();
      await page.goBack();
      await blank.first().waitFor();
    }
  }
  return times;
}

/** Digits and their removal, one after the other as fingers do: each key saves a draft. */
async function tapKeys(page: Page, count: number): Promise<Tap[]> {
  await page.locator('[data-testid^="criterion-"]').first().click();
  const one = await middle(page, '[data-testid="key-1"]');
  const back = await middle(page, '[data-testid="key-backspace"]');
  const times: Tap[] = [];
  for (let tap = 0; tap < count; tap += 1) {
    await page.evaluate(() => window.bench.await(window.bench.tap()));
    times.push(await pressed<Tap>(page, tap % 2 === 0 ? one : back));
  }
  return times;
}

async function middle(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const target = page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Touches, and gives what the page's clock says; it was set before, as input overtakes what is asked of a busy page. */
async function pressed<T>(page: Page, { x, y }: { x: number; y: number }): Promise<T> {
  await page.mouse.click(x, y);
  return (await page.evaluate(() => window.bench.awaited)) as T;
}

interface Measured { cold: number[]; opening: number[]; tapped: Tap[]; work: number }

function report({ cold, opening, tapped, work }: Measured): void {
  const row = (what: string, value: number, bar: number, note: string): Row => ({ row: 'tablet', what, value, unit: 'ms', bar: atMost(bar), note });
  const painted = tapped.map((tap) => tap.painted);
  const saved = tapped.map((tap) => tap.saved);
  const spread = (times: number[]) => `${times.length} times, p50 ${percentile(times, 50).toFixed(0)} ms, longest ${percentile(times, 100).toFixed(0)} ms`;
  const rows = [
    row(`offline cold start to the work list, ${SLOWER}× slower`, percentile(cold, 100), 1_500, `the slowest: ${spread(cold)}; ${work} products in the list of ${products} on board; from navigation, in a browser just started`),
    row(`opening a sheet, ${SLOWER}× slower`, percentile(opening, 99), 100, `p99: ${spread(opening)}`),
    row(`tap to paint, ${SLOWER}× slower, p99`, percentile(painted, 99), 50, spread(painted)),
    row(`tap to “đã lưu trên máy” (strict), ${SLOWER}× slower, p99`, percentile(saved, 99), 100, spread(saved)),
  ];
  fs.writeFileSync(process.env.BINHCHON_BENCH_FILE ?? 'bench-results.json', JSON.stringify(rows));
}

declare global {
  interface Window {
    bench: {
      workList: Promise<number>;
      until: (selector: string) => Promise<Timed>;
      tap: () => Promise<Tap>;
      /** Keeps a measurement that has begun. */
      await: (timed: Promise<Timed>) => void;
      awaited?: Promise<Timed>;
    };
  }
}
