// S11, S13: a session that ended never stands between a juror and the marks; signing in again sends them.

import { account } from '../harness/sample';
import { expect, test } from '../harness/story';
import { signIn } from '../screens/sign_in';

test('a juror whose session ended goes on scoring, is told, and sends after signing in again', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  await juror.page.context().clearCookies();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  await juror.goto('/work');
  await expect(juror.page.getByText('Phiên đăng nhập đã hết')).toBeVisible();
  await expect(juror.unsent).toHaveText('1');

  await juror.page.getByRole('link', { name: 'Đăng nhập lại' }).click();
  await signIn(juror.page, account('giamkhao03'));
  await juror.isReady();
  await expect(juror.unsent).toHaveText('0');
  await juror.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await sheet.isReceived();
});
