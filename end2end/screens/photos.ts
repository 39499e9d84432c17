// The photos of a sheet, or of a stop's record.

import { type Locator, type Page, expect } from '@playwright/test';
import type { Snapshot } from '../harness/camera';

export class Photos {
  constructor(readonly page: Page) {}

  get section(): Locator {
    return this.page.getByTestId('photos');
  }

  get tiles(): Locator {
    return this.section.getByTestId('photo');
  }

  get said(): Locator {
    return this.section.getByTestId('photo-said');
  }

  get unsaved(): Locator {
    return this.section.getByTestId('photo-unsaved');
  }

  /** Chooses files, as from a camera or an album. */
  async choose(...files: (Snapshot | { name: string; mimeType: string; buffer: Buffer })[]): Promise<void> {
    await this.section.getByTestId('photo-file').setInputFiles(files);
  }

  /** So many are there, and each shows its picture. */
  async show(count: number): Promise<void> {
    await expect(this.tiles).toHaveCount(count);
    for (const tile of await this.tiles.all()) await isSeen(tile.locator('img'));
  }

  /** Opens one large and takes it away. */
  async remove(place: number): Promise<void> {
    await this.tiles.nth(place).click();
    await isSeen(this.page.getByRole('dialog').locator('img'));
    await this.page.getByTestId('photo-remove').click();
  }
}

/** An image that the browser could read. */
export async function isSeen(image: Locator): Promise<void> {
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
}

/** The photos that this tablet knows the server to have. */
export async function sentPhotos(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((done, failed) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => failed(request.error) }));
    const names = (await indexedDB.databases()).map(({ name }) => name!).filter((name) => name !== 'binhchon-device');
    const sent: string[] = [];
    for (const name of names) {
      const database = await answer(indexedDB.open(name));
      const records = await answer(database.transaction('sheets').objectStore('sheets').getAll());
      database.close();
      const read = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes.subarray(1))) as { photos?: { sent: { sha256: string }[] } };
      sent.push(...records.flatMap((bytes: Uint8Array) => read(bytes).photos?.sent ?? []).map(({ sha256 }) => sha256));
    }
    return sent;
  });
}
