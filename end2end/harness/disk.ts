// A device without room for another record, and one with room again.

import type { Page } from '@playwright/test';

/** From now on the browser has no room for another record. */
export async function fillDisk(page: Page): Promise<void> {
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    Object.assign(window, { clearDisk: () => (IDBObjectStore.prototype.put = put) });
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
}

/** There is room again, and the page doesn't know it yet. */
export async function makeRoom(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { clearDisk: () => void }).clearDisk());
}

/** There is room again, and the page hears that something has changed. */
export async function clearDisk(page: Page): Promise<void> {
  await makeRoom(page);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
}
