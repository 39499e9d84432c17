// Pictures of the way in, the list of work, and what surrounds a sheet.

import { anyone, fullSheet } from '../harness/sample';
import { MarksTable } from '../screens/marks';
import { signIn } from '../screens/sign_in';
import { expect, keepsData, shoot, test } from './camera';

test('sign-in', async ({ profile, server }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await expect(page.getByTestId('sign-in-submit')).toBeVisible();
  await shoot(page, 'sign-in');
  await signIn(page, { name: 'giamkhao01', password: 'saimatkhau00' });
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'sign-in-wrong');
  await server.stop();
  await signIn(page, { name: 'giamkhao01', password: 'saimatkhau00' });
  await expect(page.getByTestId('error-message')).toContainText('mạng');
  await shoot(page, 'sign-in-offline');
});

test('the list of work', async ({ tablet }) => {
  const juror = await tablet('giamkhao01');
  const { page } = juror;
  await shoot(page, 'work-storage-warning');
  await keepsData(juror);
  await expect(page.getByText('Máy có thể tự xóa dữ liệu')).toHaveCount(0);
  await shoot(page, 'work', { whole: true });
  await page.setViewportSize({ width: 800, height: 1200 });
  await page.getByRole('button', { name: /^Đang chấm/ }).click();
  await expect(juror.workItem('AGI-001')).toHaveCount(0);
  await shoot(page, 'work-by-state');
  await page.getByTestId('work-search').fill('tom kho rach goc');
  await expect(page.getByRole('heading', { name: 'Ngoài phân công' })).toBeVisible();
  await shoot(page, 'work-search');
  await page.getByTestId('work-search').fill('không có sản phẩm này');
  await expect(juror.workItem('AGI-001')).toHaveCount(0);
  await shoot(page, 'work-nothing-found');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: 'Lọc', exact: true }).click();
  await shoot(page, 'work-filters');
  await page.reload();
  await page.getByRole('button', { name: 'Hồ sơ' }).click();
  await shoot(page, 'work-dossier', { whole: true });
  await page.getByRole('button', { name: 'Mở trình đơn' }).click();
  await shoot(page, 'menu');
  await page.keyboard.press('Escape');
  await juror.goto('/products/AGI-003');
  await expect(page.getByTestId('open-sheet')).toBeVisible();
  await shoot(page, 'product', { whole: true });
  await juror.goto('/no-such-page');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'not-found');
});

test('a product that is not to be scored', async ({ tablet }) => {
  const juror = await tablet('giamkhao04');
  await keepsData(juror);
  await juror.goto('/products/AGI-006');
  await expect(juror.page.getByText('từ chối chấm', { exact: false }).first()).toBeVisible();
  await shoot(juror.page, 'product-recused');
  await juror.goto('/products/AGI-999');
  await expect(juror.page.getByTestId('error-message')).toBeVisible();
  await shoot(juror.page, 'product-unknown');
});

test('own marks', async ({ tablet }) => {
  const juror = await tablet('giamkhao01');
  await keepsData(juror);
  await juror.goto('/marks');
  const marks = new MarksTable(juror.page);
  await expect(marks.row('AGI-001')).toBeVisible();
  await shoot(juror.page, 'marks', { whole: true });
  await marks.sortBy('total');
  await marks.round('Hồ sơ');
  await shoot(juror.page, 'marks-dossier-by-total', { whole: true });
});

test('several sheets at once', async ({ tablet }) => {
  const juror = await tablet('giamkhao04');
  await keepsData(juror);
  for (const code of ['DTH-001', 'DTH-002']) {
    const sheet = await juror.openSheet(code);
    await sheet.typeAll(fullSheet((place) => place % 3));
    await sheet.isReceived();
  }
  await juror.goto('/work');
  await expect(juror.confirmStop).toBeVisible();
  await juror.confirmStop.scrollIntoViewIfNeeded();
  await shoot(juror.page, 'work-confirm-stop');
  await juror.confirmStop.click();
  await shoot(juror.page, 'confirm-several');
});

test('nobody\'s page', async ({ profile }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await signIn(page, anyone('administrator'));
  await expect(page.getByTestId('sign-in-name')).toBeHidden();
  await shoot(page, 'administrator');
  await page.goto('/desk/rounds/visit/totals');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'desk-refused');
});
