// S6: what is being typed survives; what can't be a mark stays a draft, says why, and blocks confirming.

import { Api, envelope } from '../harness/api';
import { holdWrites, letWrite } from '../harness/disk';
import { account, anyone, fullSheet } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Presence } from '../screens/presence';

test('a draft over the maximum stays with its reason, survives a reload and blocks confirming', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  const { '1.1': first, '1.2': _left, ...others } = fullSheet((place) => place % 2);
  await sheet.mark('1.1', first!);
  await sheet.typeAll(others);
  await sheet.type('1.2', '7');
  await expect(sheet.error).toContainText('7 quá mức tối đa 4 điểm');
  await sheet.criterion('1.3').click();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '');
  await expect(sheet.criterion('1.2')).toContainText('quá mức tối đa 4 điểm');
  await sheet.isSaved();
  await expect(sheet.confirmButton).toBeDisabled();

  await juror.reload();
  await expect(sheet.criterion('1.2')).toContainText('7');
  await expect(sheet.criterion('1.2')).toContainText('quá mức tối đa 4 điểm');
  await expect(sheet.confirmButton).toBeDisabled();

  await sheet.criterion('1.2').click();
  await sheet.key('backspace').click();
  await sheet.key('3').click();
  await sheet.key('done').click();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
  await sheet.confirm();
  await sheet.shows({ '1.1': first!, '1.2': '3', ...others });
});

test('confirming in the same moment as the last mark covers that mark too (S24)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  const marks = fullSheet((place) => place % 2);
  const { '4': last, ...others } = marks;
  await sheet.typeAll(others);
  await sheet.type('4', last!);
  await juror.page.evaluate(() => {
    for (const name of ['key-done', 'sheet-confirm']) document.querySelector<HTMLElement>(`[data-testid=${name}]`)!.click();
  });
  await juror.page.getByTestId('sheet-confirm-yes').click();
  await sheet.isLocked();
  await sheet.shows(marks);
});

test('a draft off the step stays a draft with its reason', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.type('1.2', '3,2');
  await sheet.key('done').click();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '');
  await juror.reload();
  await expect(sheet.criterion('1.2')).toContainText('3,2 không theo bước điểm 0,5');
  await expect(sheet.total).toHaveAttribute('data-points', '0');
});

test('a change of criterion turns a valid draft into one mark, whatever keys led there', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao04');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.type('1.1', '7,5');
  await sheet.key('backspace').click();
  await sheet.key('0').click();
  await sheet.key('clear').click();
  for (const key of '6,5') await sheet.key(key).click();
  await sheet.criterion('1.2').click();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await sheet.isReceived();
  await expect(juror.unsent).toHaveText('0');
  const ops = await (await Api.signIn(server.url, account('giamkhao04'))).pullAll();
  const marks = ops.map(envelope).filter(({ round, kind }) => round === 'visit' && kind === 'set_mark');
  expect(marks.map(({ body }) => [body.criterion, body.points])).toEqual([['1.1', 650]]);
});

test('the unsent count counts sheets, not marks', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  await expect(juror.unsent.first()).toHaveText('0');
  network.cut();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.mark('1.2', '3');
  await expect(juror.unsent).toHaveText('1');
  await juror.openSheet('AGI-005');
  await sheet.type('1.1', '6');
  await sheet.isSaved();
  await expect(juror.unsent).toHaveText('2');
  await juror.goto('/work');
  await expect(juror.unsent).toHaveText('2');
  await expect(juror.workItem('AGI-004')).toHaveAttribute('data-state', 'draft');

  await network.mend();
  await juror.openSheet('AGI-005');
  await sheet.criterion('1.1').click();
  await sheet.key('done').click();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '600');
  await expect(juror.unsent).toHaveText('0', { timeout: 30_000 });
  await sheet.isReceived();
});

test('what was typed when the page was closed in mid-word is a mark once the sheet is opened again, and goes out (S6)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  const closed = await juror.openSheet('AGI-004');
  await closed.type('1.1', '6,5');
  await closed.isSaved();
  await juror.newTab();
  await juror.goto('/sync');
  await expect(juror.page.getByTestId('waits').getByTestId('sync-item-AGI-004')).toContainText('Đang nhập dở tiêu chí 1.1');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.isReceived();
  await expect(juror.unsent).toHaveText('0');
  const ops = await (await Api.signIn(server.url, account('giamkhao03'))).pullAll();
  const marks = ops.map(envelope).filter(({ round, kind, body }) => round === 'visit' && kind === 'set_mark' && body.points === 650);
  expect(marks.map(({ body }) => body.criterion)).toContain('1.1');
});

test('from a locked sheet one touch leads to the next one that is open', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.typeAll(fullSheet((place) => place % 2));
  await sheet.confirm();
  const next = juror.page.getByTestId('next-sheet');
  await expect(next).toContainText(/Chấm tiếp AGI-\d{3}/);
  await next.click();
  await expect(juror.page.locator('main')).not.toHaveAttribute('data-mode', 'locked');
  await expect(juror.page).not.toHaveURL(/AGI-004/);
});

test('what is finished last stands, also where the hand is faster than the store (S6)', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '2');
  await sheet.mark('1.2', '3');
  await sheet.mark('1.2', '4');
  await sheet.writeRemark('Sạch sẽ');
  await sheet.isReceived();

  await holdWrites(juror.page);
  for (const text of ['3', '2']) {
    await sheet.type('1.1', text);
    await sheet.key('done').click();
  }
  // Taken back, and given once more.
  await sheet.criterion('1.2').click();
  await juror.page.getByRole('button', { name: 'Hoàn tác' }).click();
  await sheet.key('4').click();
  await sheet.key('done').click();
  for (const text of ['Máy mới', 'Sạch sẽ']) await sheet.writeRemark(text);
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saving');
  await letWrite(juror.page);
  await sheet.isReceived();

  await juror.reload();
  await sheet.shows({ '1.1': '2', '1.2': '4' });
  await expect(sheet.remark).toHaveValue('Sạch sẽ');
});

test('what is half typed on a sheet that another tablet locked stands apart from what was locked, until its juror lets it go (S6, S10)', async ({ tablet }) => {
  const [away, home] = [await tablet('giamkhao03'), await tablet('giamkhao03')];
  const left = await away.openSheet('AGI-004');
  await left.type('1.1', '3');
  await left.isSaved();
  const marks = fullSheet((place) => place % 2);
  const confirmed = await home.openSheet('AGI-004');
  await confirmed.typeAll(marks);
  await confirmed.confirm();
  await confirmed.isReceived();

  await away.newTab();
  await away.goto('/sync');
  await away.page.getByTestId('sync-now').click();
  await expect(away.page.getByTestId('waits').getByTestId('sync-item-AGI-004')).toContainText('Đang nhập dở tiêu chí 1.1');
  await away.goto('/work');
  await expect(away.workItem('AGI-004')).toHaveAttribute('data-state', 'confirmed');
  const sheet = await away.openSheet('AGI-004');
  await sheet.isLocked();
  await sheet.shows(marks);
  await expect(away.page.locator('.locked')).toContainText('Đang nhập dở, chưa ghi vào phiếu');
  const typed = away.page.getByText('1.1: 3', { exact: true });
  await expect(typed).toBeVisible();
  await expect(away.unsent).toHaveText('1');
  await away.goto('/sync');
  await expect(away.page.locator('.sync-now')).toContainText('trên phiếu đã khóa, mở phiếu để xem và bỏ');
  await away.openSheet('AGI-004');
  await expect(typed).toBeVisible();

  await away.page.getByRole('button', { name: 'Bỏ phần nhập dở' }).click();
  await expect(typed).toHaveCount(0);
  await expect(away.unsent).toHaveText('0');
  await away.reload();
  await sheet.shows(marks);
  await expect(typed).toHaveCount(0);
});

test('what a juror had half typed before being recorded absent is not made a mark, and can be let go (S6)', async ({ tablet, desk }) => {
  const juror = await tablet('giamkhao02');
  const left = await juror.openSheet('AGI-005');
  await left.type('1.1', '3');
  await left.writeRemark('Máy chạy êm');
  await left.type('1.2', '3');
  await left.isSaved();
  const secretary = await desk(anyone('secretary'));
  const presence = new Presence(secretary.page);
  await presence.open();
  await presence.stop('2024-08-26', 2).set('Giám khảo 02', 'absent', 'Ốm, về khách sạn');

  // The page stays open: the tablet hears of it when it next talks to the server.
  await juror.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await left.isLocked();
  await expect(left.criterion('1.2')).toHaveAttribute('data-points', '');
  await juror.reload();
  const sheet = await juror.openSheet('AGI-005');
  await sheet.isLocked();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '');
  const typed = juror.page.getByText('1.2: 3', { exact: true });
  await expect(typed).toBeVisible();
  await juror.page.getByRole('button', { name: 'Bỏ phần nhập dở' }).click();
  await expect(typed).toHaveCount(0);
  await expect(juror.unsent).toHaveText('0');
});
