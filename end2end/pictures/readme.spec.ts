// The README's own pictures, in docs/images: taken anew by `npm run shots`, kept where a screen has changed.

import path from 'node:path';
import type { Page } from '@playwright/test';
import { repository } from '../harness/product';
import { anyone } from '../harness/sample';
import { Plan } from '../screens/plan';
import { StopGrid } from '../screens/stop_grid';
import { expect, keepsData, test } from './camera';

const TABLET = { width: 768, height: 1024 };
const DESK = { width: 1440, height: 900 };

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: path.join(repository, 'docs/images', `${name}.png`), animations: 'disabled' });
}

test('on the tablet', async ({ tablet }) => {
  const juror = await tablet('giamkhao01');
  const { page } = juror;
  await page.setViewportSize(TABLET);
  await keepsData(juror);
  await keep(page, 'work');
  const sheet = await juror.openSheet('DTH-003');
  await sheet.criterion('2.4').click();
  await expect(sheet.criterion('2.4')).toBeInViewport({ ratio: 1 });
  await keep(page, 'sheet');
  const grid = await StopGrid.open(page, '2024-08-26', 3);
  await grid.cell('DTH-002', '1.2').click();
  await expect(grid.copy).toBeVisible();
  await keep(page, 'grid');
});

test('at the desk', async ({ desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.page.setViewportSize(DESK);
  await organiser.openTotals('visit');
  await expect(organiser.banner).toContainText('Tự động cập nhật');
  await keep(organiser.page, 'totals');
  await new Plan(organiser.page).open();
  await keep(organiser.page, 'plan');
});
