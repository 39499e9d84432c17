// Takes a screen as it stands, in every width and theme, into shots/<width>/<theme>/.

import { type Page, expect } from '@playwright/test';
import path from 'node:path';
import { test as story } from '../harness/story';
import type { Tablet } from '../screens/tablet';

const FOLDER = path.join(__dirname, '../shots');
const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
];
const THEMES = ['light', 'dark', 'sunlight'];
/** Of a long list, this much shows how it goes on. */
const LONGEST = 2400;

/** The screen as it stands; `whole` makes the window as high as what it shows. */
export async function shoot(page: Page, name: string, { whole = false } = {}): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const height = whole ? await page.evaluate(() => document.documentElement.scrollHeight) : size.height;
    await page.setViewportSize({ ...size, height: Math.min(Math.max(height, size.height), LONGEST) });
    for (const theme of THEMES) {
      await page.evaluate((value) => (document.documentElement.dataset.theme = value), theme);
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      const file = path.join(FOLDER, String(size.width), theme, `${name}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
    }
  }
}

/** A tablet as it is once installed: its browser has promised to keep the data. */
export async function keepsData({ page }: Tablet): Promise<void> {
  await page.context().addInitScript(() => (StorageManager.prototype.persist = () => Promise.resolve(true)));
  await page.reload();
  await expect(page.getByTestId('work-item-AGI-001')).toBeVisible();
}

/** Pictures look at broken screens, too: what a page reports while one is made is no news. */
export const test = story.extend({
  watch: async ({ watch }, use) => {
    await use(watch);
    watch.problems.length = 0;
  },
});

export { expect };
