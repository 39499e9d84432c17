// (b) I1: what was shown as saved is there after the browser, and all of its processes, were killed in that moment.

import type { Page } from '@playwright/test';
import { Device } from '../harness/chromium';
import { account } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Sheet } from '../screens/sheet';
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

test('every write asks for strict durability, and "saved" is said only after the commit (S8)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await juror.page.context().addInitScript(recordTransactions);
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.type('1.2', '3');
  await sheet.isSaved();

  const record = await juror.page.evaluate(() => (window as unknown as { record: string[] }).record);
  const durabilities = record.filter((line) => line.startsWith('write')).map((line) => line.split(' ')[1]);
  expect(durabilities.length).toBeGreaterThanOrEqual(4);
  expect(new Set(durabilities)).toEqual(new Set(['strict']));
  let open = 0;
  for (const line of record) {
    if (line.startsWith('write')) open += 1;
    if (line === 'end') open -= 1;
    if (line === 'said saved') expect(open, record.join('\n')).toBe(0);
  }
  expect(record).toContain('said saved');
});

/** Runs in the page before the app: writes down each write transaction, its end, and each time the screen says "saved". */
function recordTransactions(): void {
  const record: string[] = [];
  (window as unknown as { record: string[] }).record = record;
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = original.apply(this, args);
    if (transaction.mode === 'readwrite') {
      record.push(`write ${transaction.durability} ${[...transaction.objectStoreNames].join(',')}`);
      const end = () => record.push('end');
      transaction.addEventListener('complete', end);
      transaction.addEventListener('abort', end);
    }
    return transaction;
  };
  let said: string | undefined;
  new MutationObserver(() => {
    const state = document.querySelector<HTMLElement>('[data-testid=save-state]')?.dataset.state;
    if (state !== said && state === 'saved') record.push('said saved');
    said = state;
  }).observe(document, { subtree: true, childList: true, attributes: true });
}
