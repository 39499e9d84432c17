// The rescue file, as the juror's browser downloads it.

import type { Page } from '@playwright/test';
import fs from 'node:fs';

export interface RescueFile {
  format: string;
  user: string;
  ops: { envelope: string; hash: string }[];
  drafts: { round: string; product: string; drafts: [unknown, string][] }[];
}

/** Saves what waits, by the button that stands on the page. */
export async function rescueFile(page: Page): Promise<RescueFile> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Tải tệp dự phòng' }).click();
  return JSON.parse(fs.readFileSync(await (await saved).path(), 'utf8')) as RescueFile;
}
