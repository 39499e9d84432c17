// Pictures of the score sheet in every state, its dialogs, and the grid at a stop.

import fs from 'node:fs';
import { prepareVisitMode } from '../harness/edition';
import { fullSheet } from '../harness/sample';
import { StopGrid } from '../screens/stop_grid';
import { expect, keepsData, shoot, test } from './camera';

test('a sheet from first to last', async ({ tablet }) => {
  const juror = await tablet('giamkhao01');
  const { page } = juror;
  await keepsData(juror);
  const sheet = await juror.openSheet('AGI-010');
  await expect(sheet.total).toHaveAttribute('data-points', '0');
  await shoot(page, 'sheet-fresh');
  await sheet.criterion('1.1').click();
  await shoot(page, 'sheet-first-mark');
  await page.locator('.guide > summary').click();
  await shoot(page, 'sheet-guide');
  await juror.openSheet('DTH-001');
  await shoot(page, 'sheet-half', { whole: true });
  await page.setViewportSize({ width: 800, height: 1200 });
  await sheet.criterion('2.4').click();
  await shoot(page, 'sheet-marking');
  await sheet.note('2.4').fill('Có giấy chứng nhận xuất khẩu sang ba thị trường, còn hạn đến tháng 12 năm 2025');
  await shoot(page, 'sheet-note');
  await sheet.criterion('2.5').click();
  await sheet.key('9').click();
  await expect(sheet.error).toBeVisible();
  await shoot(page, 'sheet-impossible-draft');
  await juror.openSheet('AGI-001');
  await sheet.isLocked();
  await shoot(page, 'sheet-locked', { whole: true });
  await page.setViewportSize({ width: 800, height: 1200 });
  await page.getByRole('button', { name: 'Mở lại phiếu' }).click();
  await shoot(page, 'sheet-reopen');
  await juror.openSheet('AGI-011');
  await sheet.typeAll(fullSheet((place) => place % 3));
  await sheet.confirmButton.scrollIntoViewIfNeeded();
  await shoot(page, 'sheet-full');
  await page.getByRole('button', { name: 'Từ chối chấm sản phẩm này' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Từ chối chấm' }).click();
  await shoot(page, 'sheet-recuse');
  await page.keyboard.press('Escape');
  await sheet.confirmButton.click();
  await shoot(page, 'review');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Từ chối chấm sản phẩm này' }).click();
  await page.getByRole('textbox', { name: 'Lý do từ chối' }).fill('Người thân góp vốn vào cơ sở.');
  await page.getByRole('dialog').getByRole('button', { name: 'Từ chối chấm' }).click();
  await sheet.isLocked();
  await shoot(page, 'sheet-recused');
});

test('two values, and a full disk', async ({ tablet, wire }) => {
  const network = await wire();
  const [home, away] = [await tablet('giamkhao04'), await tablet('giamkhao04', network)];
  await keepsData(home);
  network.cut();
  await (await away.openSheet('DTH-001')).mark('1.1', '6,5');
  const sheet = await home.openSheet('DTH-001');
  await sheet.mark('1.1', '7');
  await sheet.isReceived();
  await network.mend();
  await away.goto('/sync');
  await away.page.getByTestId('sync-now').click();
  await expect(away.unsent.first()).toHaveText('0');
  await home.goto('/sync');
  await home.page.getByTestId('sync-now').click();
  await expect(home.page.getByTestId('needs-you')).toBeVisible();
  await shoot(home.page, 'sync-two-values');
  await home.openSheet('DTH-001');
  await expect(sheet.criterion('1.1')).toContainText('Hai máy');
  await shoot(home.page, 'sheet-two-values');
  await home.page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await sheet.type('1.2', '3');
  await expect(sheet.saveState).toContainText('CHƯA LƯU');
  await shoot(home.page, 'sheet-not-saved');
});

test('half typed on a sheet that another tablet locked', async ({ tablet }) => {
  const [away, home] = [await tablet('giamkhao04'), await tablet('giamkhao04')];
  await keepsData(away);
  const left = await away.openSheet('AGI-010');
  await left.type('1.1', '9');
  await left.remark.fill('Bao bì đẹp, nhãn chưa ghi hạn dùng; cần xem lại giấy chứng nhận đã nộp kèm hồ sơ đăng ký');
  await left.isSaved();
  const confirmed = await home.openSheet('AGI-010');
  await confirmed.typeAll(fullSheet((place) => place % 2));
  await confirmed.confirm();
  await confirmed.isReceived();
  await away.newTab();
  await away.goto('/work');
  await expect(away.workItem('AGI-010')).toHaveAttribute('data-state', 'confirmed');
  const sheet = await away.openSheet('AGI-010');
  await sheet.isLocked();
  await shoot(away.page, 'sheet-locked-half-typed');
  await away.goto('/sync');
  await expect(away.page.locator('.sync-now')).toContainText('mở phiếu để xem và bỏ');
  await shoot(away.page, 'sync-half-typed');
});

test('a sheet that its juror may not write', async ({ tablet }) => {
  const juror = await tablet('giamkhao05');
  await keepsData(juror);
  await (await juror.openSheet('DTH-001')).isLocked();
  await shoot(juror.page, 'sheet-absent');
});

test('the grid at a stop', async ({ tablet }) => {
  const juror = await tablet('giamkhao02');
  await keepsData(juror);
  const grid = await StopGrid.open(juror.page, '2024-08-26', 3);
  await expect(grid.cell('DTH-001', '1.1')).toBeVisible();
  await shoot(juror.page, 'grid');
  await grid.cell('DTH-002', '1.2').click();
  await shoot(juror.page, 'grid-marking');
  await grid.type('DTH-003', '1.2', '9');
  await expect(grid.error).toBeVisible();
  await shoot(juror.page, 'grid-impossible-draft');
  await StopGrid.open(juror.page, '2024-08-26', 9);
  await expect(grid.error).toBeVisible();
  await shoot(juror.page, 'grid-unknown-stop');
});

for (const [name, mode] of [
  ['adjust', 'mode = "adjust"\nfrom = "dossier"\nadjustable = ["2.4", "3"]'],
  ['remarks', 'mode = "remarks"'],
] as const) {
  const inMode = test.extend({
    prepared: async ({}, use) => {
      const folder = prepareVisitMode(mode);
      await use(folder);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  });
  inMode(`a round of mode ${name}`, async ({ tablet }) => {
    const juror = await tablet('giamkhao04');
    const { page } = juror;
    await keepsData(juror);
    await shoot(page, `${name}-work`);
    await juror.goto('/products/AGI-004');
    await expect(page.getByTestId('open-sheet')).toBeVisible();
    await shoot(page, `${name}-product`);
    const sheet = await juror.openSheet('AGI-004');
    if (name === 'adjust') {
      await sheet.mark('2.4', '2,5');
      await shoot(page, `${name}-marking`);
      await page.keyboard.press('Escape');
    } else {
      await sheet.writeRemark('Xưởng sạch, quy trình rõ.');
    }
    await shoot(page, `${name}-sheet`, { whole: true });
    await page.setViewportSize({ width: 800, height: 1200 });
    await sheet.confirmButton.click();
    await shoot(page, `${name}-review`);
    await page.getByTestId('sheet-confirm-yes').click();
    await sheet.isLocked();
    await shoot(page, `${name}-locked`, { whole: true });
  });
}
