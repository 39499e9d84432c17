// Everything that a browser profile keeps of the app, as one text to search in.

import type { Page } from '@playwright/test';

/** IndexedDB (bytes read as text), localStorage, cookies and cached answers other than assets. */
export async function deviceContents(page: Page): Promise<string> {
  const cookies = JSON.stringify(await page.context().cookies());
  return cookies + (await page.evaluate(readStorage));
}

async function readStorage(): Promise<string> {
  const found: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const text = (value: unknown): string => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    return JSON.stringify(value, (_key, part) => (part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? text(part) : part)) ?? '';
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name!));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
      found.push(`${name}/${store}`, ...keys.map(text), ...values.map(text));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url);
      if (!new URL(request.url).pathname.startsWith('/assets/')) found.push(await (await cache.match(request))!.text());
    }
  }
  return found.join('\n');
}
