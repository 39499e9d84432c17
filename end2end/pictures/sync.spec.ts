// Pictures of what lies between tablet and server: waiting, received, held, a hotel's log-in page, and the last screen of all.

import fs from 'node:fs';
import { takeIn } from '../screens/rescue';
import { expect, keepsData, shoot, test } from './camera';

test('the tablet without a network', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao02', network);
  const { page } = juror;
  await keepsData(juror);
  network.cut();
  await juror.goto('/sync');
  await page.getByTestId('sync-now').click();
  await expect(page.getByText('không có mạng').first()).toBeVisible();
  await juror.signOutWarning();
  await shoot(page, 'sign-out-offline');
  await page.getByTestId('sign-out-stay').click();
  const sheet = await juror.openSheet('DTH-003');
  await sheet.mark('2.8', '2');
  await sheet.writeNote('2.8', 'Có giấy chứng nhận xuất khẩu');
  await expect(page.getByText('không có mạng').first()).toBeVisible();
  await shoot(page, 'sheet-offline');
  await juror.goto('/sync');
  await page.getByTestId('sync-now').click();
  await expect(page.getByText('Không có mạng').first()).toBeVisible();
  await shoot(page, 'sync-offline', { whole: true });
  await juror.goto('/work');
  await expect(juror.workItem('DTH-003')).toHaveAttribute('data-state', 'draft');
  await shoot(page, 'work-offline');
  await juror.signOutWarning();
  await shoot(page, 'sign-out-warning');

  await network.mend();
  network.becomePortal();
  await juror.goto('/sync');
  await page.getByTestId('sync-now').click();
  await expect(page.getByText('Wi-Fi chưa đăng nhập').first()).toBeVisible();
  await shoot(page, 'sync-captive-portal', { whole: true });
  await network.mend();
  await page.context().clearCookies();
  await page.getByTestId('sync-now').click();
  await expect(page.getByText('Phiên đăng nhập đã hết').first()).toBeVisible();
  await shoot(page, 'sync-signed-out', { whole: true });
});

test('what the server has, and what it holds', async ({ tablet }, info) => {
  const juror = await tablet('giamkhao09');
  const { page } = juror;
  await keepsData(juror);
  await juror.goto('/sync');
  await expect(page.getByTestId('sync-now')).toBeVisible();
  await shoot(page, 'sync-fresh', { whole: true });
  await (await juror.openSheet('AGI-010')).mark('1.1', '6');
  await (await juror.openSheet('BTR-001')).mark('1.1', '6');
  await shoot(page, 'sheet-not-assigned');
  await expect(juror.unsent.first()).toHaveText('0');
  await juror.goto('/work');
  await expect(page.getByRole('heading', { name: 'Ngoài phân công' })).toBeVisible();
  await shoot(page, 'work-beyond', { whole: true });
  await juror.goto('/sync');
  await page.getByTestId('received-visit').locator('summary').click();
  await page.getByTestId('newest-receipt').locator('summary').click();
  const notOne = info.outputPath('photo.json');
  fs.writeFileSync(notOne, 'a photo');
  await expect(await takeIn(page, notOne)).toContainText('không phải tệp dự phòng');
  await shoot(page, 'sync-received', { whole: true });
});

test('the app has stopped', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao04', network);
  const { page } = juror;
  network.cut();
  await (await juror.openSheet('DTH-001')).mark('1.1', '6,5');
  await expect(juror.unsent).toHaveText('1');
  await page.evaluate(() => {
    const { createElement } = Document.prototype;
    const { cloneNode } = Node.prototype;
    const refuse = (): never => {
      Document.prototype.createElement = createElement;
      Node.prototype.cloneNode = cloneNode;
      throw new Error('no element');
    };
    Document.prototype.createElement = refuse;
    Node.prototype.cloneNode = refuse;
    document.querySelector<HTMLAnchorElement>('a[href^="/products/"]')!.click();
  });
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await shoot(page, 'stopped');
});
