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

/** From now on whatever is written waits: another transaction stands in the way, and stays until it is let go. */
export async function holdWrites(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const names = (await indexedDB.databases()).map(({ name }) => name!).filter((name) => name !== 'binhchon-device');
    const databases = await Promise.all(names.map((name) => done(indexedDB.open(name))));
    let held = true;
    for (const database of databases) {
      const transaction = database.transaction(['meta', 'sheets', 'visits'], 'readwrite');
      // A transaction stays as long as it is asked for something.
      const ask = () => void (held && (transaction.objectStore('meta').get('replica').onsuccess = ask));
      ask();
      transaction.oncomplete = () => database.close();
    }
    Object.assign(window, { letWrite: () => (held = false) });
  });
}

/** What waits is written. */
export async function letWrite(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { letWrite: () => void }).letWrite());
}
