// The rescue file, as the juror's browser downloads it.

import type { Locator, Page } from '@playwright/test';
import fs from 'node:fs';

export interface RescueFile {
  format: string;
  user: string;
  ops: { envelope: string; hash: string }[];
  drafts: { round: string; product: string; drafts: [unknown, string][] }[];
}

/** Saves what waits, by the button that stands on the page. */
export async function rescueFile(page: Page): Promise<RescueFile> {
  return JSON.parse(fs.readFileSync(await savedFile(page), 'utf8')) as RescueFile;
}

/** The same; gives where the file lies. */
export async function savedFile(page: Page): Promise<string> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Tải tệp dự phòng' }).click();
  return (await saved).path();
}

/** Takes a file in on the sync page, as a juror does; what comes of it is the caller's to see. */
export async function takeIn(page: Page, file: string): Promise<Locator> {
  const card = page.getByTestId('take-in');
  if ((await card.getAttribute('open')) === null) await card.locator('summary').click();
  await page.getByTestId('take-in-file').setInputFiles(file);
  return page.getByTestId('taken-in');
}
