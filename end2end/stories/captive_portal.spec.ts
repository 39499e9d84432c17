// S22: a hotel's log-in page is never taken for an answer, and is named.

import { expect, test } from '../harness/story';

test('a captive portal is named and acknowledges nothing', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.becomePortal();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.getByText('Wi-Fi chưa đăng nhập').first()).toBeVisible();
  expect(network.exchanges).toContain('POST /api/v1/sync/push portal');
  await expect(juror.unsent.first()).toHaveText('1');
  await juror.reload();
  await expect(juror.unsent.first()).toHaveText('1');

  await network.mend();
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.unsent.first()).toHaveText('0');
  await juror.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await sheet.isReceived();
});
