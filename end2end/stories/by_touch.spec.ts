// A visit as a juror lives it: by finger alone, on a phone and on a tablet held upright, without a network from the first stop to the last.

import type { Locator, Page } from '@playwright/test';
import { criteria, fullSheet, total } from '../harness/sample';
import { expect, test as story } from '../harness/story';
import { touchProblems } from '../harness/touch';
import { MarksTable } from '../screens/marks';
import { Sheet } from '../screens/sheet';
import { StopGrid } from '../screens/stop_grid';

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
];
const MARKS = fullSheet((place) => place % 2);

const tap = (target: Locator) => target.tap();

async function mark(sheet: Sheet, text: string): Promise<void> {
  for (const key of text) await tap(sheet.key(key));
}

/** In sight, with nothing over its middle. */
async function isUncovered(target: Locator): Promise<void> {
  const covered = await target.evaluate((element) => {
    const box = element.getBoundingClientRect();
    return !element.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
  });
  expect(covered, `${target} is covered`).toBe(false);
}

async function isForFingers(page: Page): Promise<void> {
  expect.soft(await touchProblems(page), page.url()).toEqual([]);
}

for (const viewport of SIZES) {
  const test = story.extend({
    profile: async ({ browser, server, watch }, use) => {
      const context = await browser.newContext({ baseURL: server.url, viewport, hasTouch: true, isMobile: true });
      watch.over(context);
      await use(() => Promise.resolve(context));
      await context.close();
    },
  });

  test(`a whole visit by finger at ${viewport.width} px`, async ({ server, tablet }) => {
    test.slow();
    const juror = await tablet('giamkhao03');
    const { page } = juror;
    await server.stop();
    await isForFingers(page);

    // Found without diacritics, opened, scored key by key; Next leads from criterion to criterion.
    await tap(page.getByTestId('work-search'));
    await page.keyboard.type('banh bo thot not');
    await expect(juror.workItem('AGI-001')).toHaveCount(0);
    await tap(juror.workItem('AGI-004'));
    await isForFingers(page);
    await tap(page.getByTestId('open-sheet'));
    const sheet = new Sheet(page);
    await tap(page.getByRole('button', { name: 'Chấm tiếp 1.1' }));
    await isForFingers(page);
    await tap(page.locator('.guide > summary'));
    await expect(page.locator('.guide-body')).toBeInViewport({ ratio: 1 });
    await tap(page.locator('.guide > summary'));
    for (const { code } of criteria) {
      await expect(sheet.criterion(code)).toHaveAttribute('aria-current', 'true');
      await expect(sheet.criterion(code)).toBeInViewport({ ratio: 1 });
      await mark(sheet, MARKS[code]!);
      await tap(page.getByRole('button', { name: 'Tiếp' }));
    }
    await sheet.shows(MARKS);
    await expect(sheet.saveState).toHaveText(/^Đã lưu trên máy/);

    // A slip of the finger is taken back.
    await tap(sheet.criterion('1.1'));
    await mark(sheet, '1');
    await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '100');
    await tap(page.getByRole('button', { name: 'Hoàn tác' }));
    await sheet.shows(MARKS);
    await tap(sheet.note('1.1'));
    await page.keyboard.type('Có đơn hàng');
    await tap(page.getByRole('button', { name: 'Ẩn bàn phím' }));
    await tap(sheet.remark);
    await page.keyboard.type('Bánh mềm, thơm.');
    await tap(sheet.confirmButton);
    await expect(page.getByRole('dialog')).toContainText('Bánh mềm, thơm.');
    await isForFingers(page);
    await tap(page.getByTestId('sheet-confirm-yes'));
    await sheet.isLocked();

    // Opened again with a reason, and only with one.
    await tap(page.getByRole('button', { name: 'Mở lại phiếu' }));
    const dialog = page.getByRole('dialog');
    await tap(dialog.getByRole('button', { name: 'Mở lại phiếu' }));
    await expect(dialog).toContainText('Nhập lý do');
    await isForFingers(page);
    await tap(dialog.getByRole('textbox'));
    await page.keyboard.type('Nhập nhầm điểm');
    await tap(dialog.getByRole('button', { name: 'Mở lại phiếu' }));
    await expect(page.locator('main')).toHaveAttribute('data-mode', 'resting');

    // The rest of the stop as a table: a mark is copied, and nothing else is.
    const grid = await StopGrid.open(page, '2024-08-26', 1);
    await tap(grid.cell('AGI-002', '1.1'));
    await isForFingers(page);
    await expect(grid.cell('AGI-002', '1.1')).toBeInViewport({ ratio: 1 });
    await expect(grid.cell('AGI-002', '1.3'), 'three rows in sight over the keypad').toBeInViewport({ ratio: 0.9 });
    for (const code of ['AGI-001', 'AGI-002']) await isUncovered(grid.cell(code, '1.2'));
    await tap(grid.copy);
    await expect(grid.cell('AGI-002', '1.1')).toHaveAttribute('data-points', (await grid.cell('AGI-001', '1.1').getAttribute('data-points'))!);
    await expect(grid.cell('AGI-003', '1.1')).toHaveAttribute('data-points', '');
    await tap(page.getByRole('button', { name: 'Ẩn bàn phím' }));

    // The end of the stop: what is complete is locked at once. Another product is refused.
    await juror.goto('/work');
    await tap(juror.confirmStop);
    await isForFingers(page);
    await tap(page.getByTestId('confirm-several-yes'));
    await expect(juror.workItem('AGI-004')).toHaveAttribute('data-state', 'confirmed');
    await juror.openSheet('AGI-003');
    await tap(page.getByRole('button', { name: 'Từ chối chấm sản phẩm này' }));
    await tap(dialog.getByRole('textbox'));
    await page.keyboard.type('Người nhà góp vốn');
    await tap(dialog.getByRole('button', { name: 'Từ chối chấm' }));
    await sheet.isLocked();
    await expect(page.getByText('Người nhà góp vốn')).toBeVisible();

    // One's own marks, and what waits.
    await juror.goto('/marks');
    await expect(new MarksTable(page).row('AGI-004')).toHaveAttribute('data-points', String(total(MARKS)));
    await isForFingers(page);
    await juror.goto('/sync');
    await expect(page.getByTestId('waits').getByTestId('sync-item-AGI-004')).toBeVisible();
    await isForFingers(page);

    await server.start();
    await tap(page.getByTestId('sync-now'));
    await expect(juror.unsent.first()).toHaveText('0', { timeout: 30_000 });
    await tap(page.getByTestId('received-visit').locator('summary'));
    await expect(page.getByTestId('received-visit').getByTestId('sync-item-AGI-004')).toContainText('Mã phiếu');
  });
}
