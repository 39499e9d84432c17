// S1, S11, S13: two jurors on one tablet. Unsent work waits for its owner, whoever signs in meanwhile.

import { Api, envelope } from '../harness/api';
import { deviceContents } from '../harness/device';
import { account, anyone } from '../harness/sample';
import { expect, test } from '../harness/story';
import { signIn } from '../screens/sign_in';
import { Tablet } from '../screens/tablet';
import { VisitTablet } from '../screens/visits';

const SECRET = 'Nghi ngờ số liệu doanh thu (d41d8)';

test('a mark that is typed is one, and goes out, when the juror signs out below it (S6)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.type('1.1', '6,5');
  await juror.signOutWarning();
  await expect(juror.unsent.first()).toHaveText('0');
  await juror.page.getByTestId('sign-out-anyway').click();
  await expect(juror.page.getByTestId('sign-in-name')).toBeVisible();
  const last = (await (await Api.signIn(server.url, account('giamkhao03'))).pullAll()).at(-1)!;
  expect(envelope(last)).toMatchObject({ kind: 'set_mark', body: { criterion: '1.1', points: 650 } });
});

test('a secretary who signs out at the desk is signed out on the device, too (S13)', async ({ profile }) => {
  const secretary = await VisitTablet.enrol(await profile(), anyone('secretary'));
  const { page } = secretary;
  await page.goto('/desk');
  await page.getByRole('button', { name: 'Mở trình đơn' }).click();
  await page.getByTestId('sign-out').click();
  await expect(page.getByTestId('sign-in-name')).toBeVisible();
  await expect(page.getByText('đang đăng nhập trên máy này')).toHaveCount(0);
  await page.goto('/work');
  await expect(page.getByTestId('sign-in-name')).toBeVisible();
});

test('signing out keeps unsent work; the next juror never sees it, and it leaves only under its own name', async ({ server, tablet, wire }) => {
  const network = await wire();
  const shared = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await shared.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.writeRemark(SECRET);
  await sheet.isSaved();
  await network.mend();
  const held = network.cutDuring('/api/v1/sync/push', 'half a request');
  await shared.goto('/work');
  await held;
  await expect(shared.unsent).toHaveText('1');
  await shared.signOut();

  await network.mend();
  // As jurors do it: one signs out, the other signs in, and nothing is loaded anew in between.
  await signIn(shared.page, account('giamkhao02'));
  await shared.isReady();
  await expect(shared.unsent).toHaveText('0');
  await expect(shared.workItem('AGI-004')).toHaveAttribute('data-state', 'none');
  await shared.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '');
  await expect(shared.page.locator('body')).not.toContainText(SECRET);
  await sheet.mark('1.1', '7');
  await sheet.isReceived();
  const second = await (await Api.signIn(server.url, account('giamkhao02'))).pullAll();
  expect(second.some((op) => op.envelope.includes(SECRET))).toBe(false);
  const none = await (await Api.signIn(server.url, account('giamkhao03'))).pullAll();
  expect(none.some((op) => op.envelope.includes(SECRET))).toBe(false);
  expect(await deviceContents(shared.page)).toContain(SECRET);

  await shared.goto('/work');
  await shared.signOut();
  await signIn(shared.page, account('giamkhao03'));
  await shared.isReady();
  await expect(shared.unsent).toHaveText('0');
  await shared.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await expect(sheet.remark).toHaveValue(SECRET);
  const first = await (await Api.signIn(server.url, account('giamkhao03'))).pullAll();
  const remarks = first.map(envelope).filter(({ round, kind }) => round === 'visit' && kind === 'set_remark').map(({ body }) => body.text);
  expect(remarks).toEqual(expect.arrayContaining([SECRET]));
});

test("where one juror signs out and another in, another tab's pages become the other's, too (S1, S13)", async ({ server, tablet }) => {
  const shared = await tablet('giamkhao03');
  const sheet = await shared.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.writeRemark(SECRET);
  await sheet.isReceived();
  const first = shared.page;
  await shared.newTab();
  await shared.goto('/work');
  await shared.signOut();
  await signIn(shared.page, account('giamkhao02'));
  await shared.isReady();
  await expect(first.getByText('Giám khảo 02 đang đăng nhập trên máy này')).toBeVisible();
  await expect(first.locator('body')).not.toContainText('Giám khảo 03');
  await first.getByRole('link', { name: 'Về việc của tôi' }).click();
  await expect(first.getByTestId('work-item-AGI-004')).toHaveAttribute('data-state', 'none');
  const seen = await new Tablet(first).openSheet('AGI-004');
  await expect(seen.criterion('1.1')).toHaveAttribute('data-points', '');
  await expect(seen.remark).toHaveValue('');
  await seen.mark('1.1', '7');
  await seen.isReceived();
  const last = async (name: string) => (await (await Api.signIn(server.url, account(name))).pullAll()).map(envelope).at(-1)!;
  expect(await last('giamkhao02')).toMatchObject({ kind: 'set_mark', body: { criterion: '1.1', points: 700 } });
  expect(await last('giamkhao03')).toMatchObject({ kind: 'set_remark', body: { text: SECRET } });
});
