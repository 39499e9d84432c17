// (b) I1: what was shown as saved is there after the browser, and all of its processes, were killed in that moment.

import type { Page } from '@playwright/test';
import { Device } from '../harness/chromium';
import { account } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Sheet } from '../screens/sheet';
import { signIn } from '../screens/sign_in';
import { Tablet } from '../screens/tablet';

/** Watches from inside the page, so that nothing but the message's way lies between the word "saved" and the kill. */
async function savedWord(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = () => {
          const state = document.querySelector<HTMLElement>('[data-testid=save-state]');
          if (state?.dataset.state === 'saved') resolve(state.textContent ?? '');
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        look();
      }),
  );
}

/** Presses a key and waits for the word in the same breath: the app may answer before a second message arrives. */
async function pressAndSee(page: Page, key: string): Promise<void> {
  const word = await page.evaluate(
    (testId) =>
      new Promise<string>((resolve) => {
        let pressed = false;
        const look = () => {
          const state = document.querySelector<HTMLElement>('[data-testid=save-state]');
          if (pressed && state?.dataset.state === 'saved') resolve(state.textContent ?? '');
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        document.querySelector<HTMLElement>(`[data-testid=${testId}]`)!.click();
        pressed = true;
      }),
    `key-${key}`,
  );
  expect(word).toContain('Đã lưu trên máy');
}

test('mark and draft outlive a killed browser', async ({ server, watch }) => {
  const device = new Device();
  try {
    let page = await device.switchOn();
    watch.over(page.context());
    const open = async (path: string) => page.goto(`${server.url}${path}`);

    await open('/sign-in');
    await page.getByTestId('sign-in-name').fill(account('giamkhao03').name);
    await page.getByTestId('sign-in-password').fill(account('giamkhao03').password);
    await page.getByTestId('sign-in-submit').click();
    await new Tablet(page).isReady();
    await server.stop();

    // A draft that nobody finished.
    await open('/rounds/visit/products/AGI-004/sheet');
    let sheet = new Sheet(page);
    await sheet.mark('1.1', '6,5');
    await savedWord(page);
    await sheet.criterion('1.2').click();
    await sheet.key('3').click();
    await sheet.key('comma').click();
    await pressAndSee(page, '5');
    await device.die();

    page = await device.switchOn();
    sheet = new Sheet(page);
    await open('/rounds/visit/products/AGI-004/sheet');
    await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
    await sheet.criterion('1.2').click();
    await expect(page.locator('.pad-value output')).toHaveText('3,5');
    await expect(page.getByTestId('unsent-count')).toHaveText('1');

    // A mark at the moment of "Tiếp".
    await sheet.criterion('1.3').click();
    await sheet.key('4').click();
    await pressAndSee(page, 'done');
    await device.die();

    page = await device.switchOn();
    sheet = new Sheet(page);
    await open('/rounds/visit/products/AGI-004/sheet');
    await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
    await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '350');
    await expect(sheet.criterion('1.3')).toHaveAttribute('data-points', '400');
    await expect(sheet.total).toHaveAttribute('data-points', '1400');
    await open('/sync');
    await expect(page.getByTestId('unsent-count').first()).toHaveText('1');
  } finally {
    await device.remove();
  }
});

const KILLS = Number(process.env.BINHCHON_BROWSER_KILLS ?? 5);

test(`killed ${KILLS} times, 0 to 5 s after "Đã lưu trên máy": nothing that was shown as saved is lost (I1)`, async ({ server, watch }) => {
  test.setTimeout(60_000 + KILLS * 20_000);
  const device = new Device();
  const marks: Record<string, number> = {};
  const codes = ['1.1', '1.2', '1.3'];
  try {
    let page = await device.switchOn();
    watch.over(page.context());
    await page.goto(`${server.url}/sign-in`);
    await signIn(page, account('giamkhao03'));
    await new Tablet(page).isReady();
    await server.stop();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await page.goto(`${server.url}/rounds/visit/products/AGI-004/sheet`);
      const sheet = new Sheet(page);
      for (const [code, points] of Object.entries(marks)) await expect(sheet.criterion(code)).toHaveAttribute('data-points', String(points));
      const code = codes[kill % codes.length]!;
      const points = marks[code] === 300 ? 250 : 300;
      await sheet.criterion(code).click();
      for (const key of points === 300 ? ['3'] : ['2', 'comma', '5']) await sheet.key(key).click();
      await pressAndSee(page, 'done');
      marks[code] = points;
      // Not a wait for anything: the moment at which the battery falls out.
      await page.waitForTimeout(Math.random() * 5_000);
      await device.die();
      page = await device.switchOn();
    }
    await page.goto(`${server.url}/rounds/visit/products/AGI-004/sheet`);
    for (const [code, points] of Object.entries(marks)) await expect(new Sheet(page).criterion(code)).toHaveAttribute('data-points', String(points));
  } finally {
    await device.remove();
  }
});

test('every write asks for strict durability, and "saved" is said only after the commit (S8)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await juror.page.context().addInitScript(watchWrites);
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.criterion('1.1').click();
  for (const key of ['6', 'comma', '5', 'done']) {
    const { committed, open } = await juror.page.evaluate(pressUntilSaved, `key-${key}`);
    expect(committed, `${key}: commits before "saved"`).toBeGreaterThan(0);
    expect(open, `${key}: writes still open at "saved"`).toBe(0);
  }
  const durabilities = await juror.page.evaluate(() => (window as unknown as Watched).writes.durabilities);
  expect(durabilities.length).toBeGreaterThanOrEqual(4);
  expect(new Set(durabilities)).toEqual(new Set(['strict']));
});

interface Watched { writes: { durabilities: string[]; begun: number; committed: number; ended: number } }

/** Runs in the page before the app: counts write transactions and what became of them. */
function watchWrites(): void {
  const writes = { durabilities: [] as string[], begun: 0, committed: 0, ended: 0 };
  (window as unknown as Watched).writes = writes;
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = original.apply(this, args);
    if (transaction.mode === 'readwrite') {
      writes.begun += 1;
      writes.durabilities.push(transaction.durability);
      transaction.addEventListener('complete', () => ((writes.committed += 1), (writes.ended += 1)));
      transaction.addEventListener('abort', () => (writes.ended += 1));
    }
    return transaction;
  };
}

/** Runs in the page: presses a key, looks between any two tasks of the browser, and tells how the writes stood at "saved". */
async function pressUntilSaved(testId: string): Promise<{ committed: number; open: number }> {
  const { writes } = window as unknown as Watched;
  const before = writes.committed;
  const { port1, port2 } = new MessageChannel();
  const nextTask = () => new Promise((resolve) => ((port1.onmessage = resolve), port2.postMessage(undefined)));
  document.querySelector<HTMLElement>(`[data-testid=${testId}]`)!.click();
  do await nextTask();
  while (document.querySelector<HTMLElement>('[data-testid=save-state]')?.dataset.state !== 'saved');
  return { committed: writes.committed - before, open: writes.begun - writes.ended };
}
