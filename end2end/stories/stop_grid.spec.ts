// The grid at a stop: several sheets of one establishment side by side, each saved, sent and locked on its own.

import { Api, envelope } from '../harness/api';
import { account, sampleSheets, total } from '../harness/sample';
import { expect, test } from '../harness/story';
import { StopGrid } from '../screens/stop_grid';

const DAY = '2024-08-26';

test('marks given in the grid without a network survive a reload, each on its own sheet', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  await juror.page.getByTestId('stop-grid-1').click();
  const grid = new StopGrid(juror.page);
  await grid.mark('AGI-002', '1.1', '7,5');
  await grid.mark('AGI-004', '1.1', '0');
  await grid.type('AGI-004', '1.2', '3');
  await expect(grid.saved('AGI-002')).toContainText('Đã lưu trên máy');
  await expect(grid.saved('AGI-003')).toContainText('Chưa nhập gì trên phiếu này');
  await expect(juror.unsent).toHaveText('2');

  await juror.reload();
  await grid.shows('AGI-002', '1.1', '7,5');
  await grid.shows('AGI-004', '1.1', '0');
  await grid.shows('AGI-004', '1.2', '3');
  await grid.shows('AGI-002', '1.2', '');
  await grid.shows('AGI-003', '1.1', '');
  await expect(grid.total('AGI-002')).toHaveAttribute('data-points', '750');
  await expect(grid.total('AGI-004')).toHaveAttribute('data-points', '300');
  const sheet = await juror.openSheet('AGI-004');
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
});

test('Next goes down the column, arrows to the side, and a locked sheet is only read', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const grid = await StopGrid.open(juror.page, DAY, 1);
  const locked = sampleSheets('visit', 'AGI-001').find(({ juror }) => juror === 'giamkhao03')!;
  await expect(grid.total('AGI-001')).toHaveAttribute('data-points', String(total(locked.marks)));
  await expect(grid.cell('AGI-001', '1.1')).toBeDisabled();

  await grid.cell('AGI-003', '1.1').click();
  await juror.page.keyboard.type('6');
  await juror.page.keyboard.press('Enter');
  await expect(grid.cell('AGI-003', '1.2')).toHaveAttribute('aria-current', 'true');
  await juror.page.keyboard.type('2,5');
  await juror.page.keyboard.press('ArrowLeft');
  await expect(grid.cell('AGI-002', '1.2')).toHaveAttribute('aria-current', 'true');
  await juror.page.keyboard.press('ArrowLeft');
  await expect(grid.cell('AGI-002', '1.2')).toHaveAttribute('aria-current', 'true');
  await grid.shows('AGI-003', '1.1', '6');
  await grid.shows('AGI-003', '1.2', '2,5');
  await grid.shows('AGI-002', '1.2', '');
});

test('a copied mark is one operation, on the right sheet and only there', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao04');
  const grid = await StopGrid.open(juror.page, DAY, 1);
  await grid.mark('AGI-001', '1.1', '7,5');
  await grid.cell('AGI-001', '1.2').click();
  await expect(grid.copy).toBeDisabled();
  await grid.mark('AGI-002', '1.1', '5');

  // Touching the cell copies nothing.
  await grid.cell('AGI-003', '1.1').click();
  await expect(grid.copyFrom).toHaveText(/từ AGI-002: 5.*từ AGI-001: 7,5/);
  await grid.shows('AGI-003', '1.1', '');
  await grid.copy.click();
  await grid.shows('AGI-003', '1.1', '5');
  await grid.cell('AGI-004', '1.1').click();
  await grid.copyFrom.selectOption({ label: 'từ AGI-001: 7,5' });
  await grid.copy.click();
  await grid.shows('AGI-004', '1.1', '7,5');
  await grid.shows('AGI-003', '1.1', '5');

  for (const code of ['AGI-001', 'AGI-002', 'AGI-003', 'AGI-004']) await expect(grid.saved(code)).toHaveAttribute('data-state', 'received');
  const api = await Api.signIn(server.url, account('giamkhao04'));
  const ops = (await api.pullAll()).map(envelope).filter(({ round }) => round === 'visit');
  expect(ops.map(({ kind, body }) => [kind, body.criterion, body.points])).toEqual([
    ['set_mark', '1.1', 750],
    ['set_mark', '1.1', 500],
    ['set_mark', '1.1', 500],
    ['set_mark', '1.1', 750],
  ]);
  expect(new Set(ops.map(({ body }) => body.product)).size).toBe(4);
});

test('a copy replaces what was there, and can be taken back', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const grid = await StopGrid.open(juror.page, DAY, 1);
  const [first] = sampleSheets('visit', 'AGI-001').filter(({ juror }) => juror === 'giamkhao03').map(({ marks }) => marks['1.2']!);
  await grid.mark('AGI-002', '1.2', '1,5');
  await grid.copy.click();
  await grid.shows('AGI-002', '1.2', first!);
  await expect(grid.saved('AGI-002')).toHaveAttribute('data-state', 'saved');
  await juror.page.getByRole('button', { name: 'Hoàn tác' }).click();
  await grid.shows('AGI-002', '1.2', '1,5');
});

test('a draft over the maximum stays in its cell with its reason', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const grid = await StopGrid.open(juror.page, DAY, 2);
  await grid.type('AGI-005', '1.2', '7');
  await expect(grid.error).toContainText('7 quá mức tối đa 4 điểm');
  await grid.cell('AGI-006', '1.2').click();
  await expect(grid.copy).toBeDisabled();
  await grid.shows('AGI-005', '1.2', '');
  await juror.reload();
  await expect(grid.cell('AGI-005', '1.2')).toContainText('7 quá mức tối đa 4 điểm');
  await expect(grid.total('AGI-005')).toHaveAttribute('data-points', '0');
  await juror.goto('/rounds/visit/products/AGI-005/sheet');
  await expect(juror.page.getByTestId('criterion-1.2')).toContainText('quá mức tối đa 4 điểm');
});

test('a stop that is not the juror\'s is said so, and the page never scrolls to the side', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  await juror.page.setViewportSize({ width: 360, height: 740 });
  const grid = await StopGrid.open(juror.page, DAY, 9);
  await expect(grid.error).toBeVisible();
  await StopGrid.open(juror.page, DAY, 1);
  await grid.mark('AGI-004', '1.1', '7');
  await expect(grid.cell('AGI-004', '1.1')).toBeInViewport();
  // The keypad takes room from the grid, and never hides the cell that it is about.
  await juror.page.getByRole('button', { name: 'Ẩn bàn phím' }).click();
  await grid.cell('AGI-003', '2.1').click();
  await expect(grid.cell('AGI-003', '2.1')).toBeInViewport({ ratio: 0.9 });
  const widths = await juror.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(widths[0]).toBe(widths[1]);
});
