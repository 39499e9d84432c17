// S19: a tablet believes the key that it pinned. Where the master key is lost, its juror trusts the new one by signing in.

import fs from 'node:fs';
import path from 'node:path';
import { account } from '../harness/sample';
import { expect, test } from '../harness/story';
import { signIn } from '../screens/sign_in';

test('a server that signs with a new key is not believed until its juror signs in again, and nothing is lost', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.isReceived();
  await server.stop();
  fs.rmSync(path.join(server.data, 'keys', 'master.key'));
  await server.start(undefined, '--replace-receipt-key');
  await sheet.mark('1.2', '3');
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.locator('.sync-now')).toContainText('Nếu máy chủ vừa đổi khóa ký: đăng xuất rồi đăng nhập lại.');
  await expect(juror.unsent.first()).toHaveText('1');

  await juror.goto('/work');
  await juror.signOut();
  await signIn(juror.page, account('giamkhao03'));
  await juror.isReady();
  await juror.goto('/sync');
  await expect(juror.unsent.first()).toHaveText('0');
  await juror.openSheet('AGI-004');
  await sheet.showsMarks({ '1.1': '6,5', '1.2': '3' });
  await sheet.isReceived();
});

test('whoever signs in again and goes on the road before the server has named its key scores as ever', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await juror.signOut();
  await juror.page.route('**/api/v1/replicas', (route) => route.abort());
  await signIn(juror.page, account('giamkhao03'));
  await juror.isReady();
  await server.stop();
  await juror.reload();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.isSaved();
});
