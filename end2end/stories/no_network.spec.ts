// (a) A juror in a workshop without a network scores a product never opened before.

import { expect, test } from '../harness/story';
import { fullSheet, total } from '../harness/sample';

const MARKS = fullSheet((place) => place % 3);
const DEEP_LINKS = ['/', '/work', '/products/DTH-002', '/rounds/visit/products/DTH-002/sheet', '/marks', '/rounds/visit/stops/2024-08-26/1/grid', '/sync'];

test('a whole sheet is scored, confirmed and kept without a network', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();

  await juror.newTab();
  const sheet = await juror.openSheet('DTH-002');
  await expect(sheet.total).toHaveAttribute('data-points', '0');
  await sheet.markAll(MARKS);
  await sheet.writeNote('1.1', 'Thợ dệt nói có đơn hàng đi Nhật Bản');
  await sheet.writeRemark('Giỏ đan chắc tay, viền đẹp.');
  await sheet.shows(MARKS);
  await sheet.confirm();
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');

  await juror.reload();
  await sheet.isLocked();
  await sheet.shows(MARKS);
  await expect(sheet.total).toHaveAttribute('data-points', String(total(MARKS)));
  await expect(sheet.remark).toHaveText('Giỏ đan chắc tay, viền đẹp.');
  await expect(juror.page.getByText('Thợ dệt nói có đơn hàng đi Nhật Bản')).toBeVisible();
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  await expect(juror.unsent).toHaveText('1');

  await juror.goto('/work');
  await expect(juror.workItem('DTH-002')).toHaveAttribute('data-state', 'confirmed');
});

test('after one visit every address opens without a network, each in a new tab', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  for (const address of DEEP_LINKS) {
    await juror.newTab();
    await juror.goto(address);
    await expect(juror.page.locator('main'), address).toBeVisible();
    await expect(juror.page.getByTestId('error-message'), address).toHaveCount(0);
    await expect(juror.page.getByTestId('sign-in-name'), address).toHaveCount(0);
  }
  await juror.goto('/');
  await expect(juror.workList).toBeVisible();
  await juror.goto('/products/DTH-002');
  await expect(juror.page.getByRole('heading', { level: 1 })).toHaveText('Giỏ xách lác');
  await juror.page.getByTestId('open-sheet').click();
  await expect(juror.page.getByTestId('criterion-2.12')).toHaveAttribute('data-points', '');
});

test('the work list is searched without diacritics and without a network', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao01');
  await server.stop();
  await juror.goto('/work');
  await juror.page.getByTestId('work-search').fill('bo chieu lac');
  await expect(juror.workItem('DTH-001')).toBeVisible();
  await expect(juror.workItem('AGI-001')).toHaveCount(0);
  await juror.page.getByTestId('work-search').fill('AGI-003');
  await expect(juror.workItem('AGI-003')).toHaveAttribute('data-state', 'draft');
  await expect(juror.workItem('DTH-001')).toHaveCount(0);
});

test('"not yet scored" is not 0, and a mark can be taken back', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('DTH-003');
  await sheet.mark('1.1', '0');
  await sheet.mark('1.2', '3,5');
  await expect(sheet.criterion('1.3')).toHaveAttribute('data-points', '');
  await sheet.criterion('1.2').click();
  await sheet.key('clear').click();
  await sheet.key('done').click();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '');
  await sheet.isSaved();

  await juror.reload();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '0');
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '');
  await expect(sheet.total).toHaveAttribute('data-points', '0');
  await expect(sheet.confirmButton).toBeDisabled();
});

test('signing out without a network asks first: nobody could sign in again', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.getByText('Không có mạng').first()).toBeVisible();
  await juror.signOutWarning();
  await expect(juror.page.getByRole('dialog')).toContainText('Đăng nhập lại cần có mạng');
  await juror.page.getByTestId('sign-out-stay').click();
  await juror.goto('/work');
  await expect(juror.workList).toBeVisible();
});
