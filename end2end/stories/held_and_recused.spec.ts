// S15, S18: work that may not count yet is stored and said so; a recused juror is left out of the divisor.

import { Api, envelope } from '../harness/api';
import { account, anyone, fullSheet, sampleSheets, total } from '../harness/sample';
import { expect, test } from '../harness/story';

test('an unplanned stop is scored offline, delivered, held, and leaves the totals alone', async ({ server, tablet, desk, wire }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await juror.openSheet('BTR-001');
  await expect(juror.page.getByText('Ngoài phân công').first()).toBeVisible();
  await sheet.mark('1.1', '6,5');
  await sheet.isSaved();
  await network.mend();
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.unsent.first()).toHaveText('0');
  const ops = (await (await Api.signIn(server.url, account('giamkhao03'))).pullAll()).filter((op) => envelope(op).round === 'visit' && op.status === 'held');
  expect(ops.map((op) => op.code)).toEqual(['not_assigned']);
  await expect(organiser.banner).toContainText('1 phiếu tạm giữ');

  await juror.openSheet('BTR-001');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await expect(sheet.saveState).toContainText('tạm giữ');
});

test('a round that is not open yet holds what comes', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-005', 'direct');
  await sheet.mark('1.1', '6,5');
  await expect(juror.unsent.first()).toHaveText('0');
  const ops = (await (await Api.signIn(server.url, account('giamkhao03'))).pullAll()).filter((op) => envelope(op).round === 'direct');
  expect(ops.map(({ status, code }) => [status, code])).toEqual([['held', 'round_planned']]);
});

test('recusing leaves the juror out: the others alone make the mean', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const others = sampleSheets('visit', 'AGI-001').filter((sheet) => sheet.confirmed).map((sheet) => total(sheet.marks));
  await organiser.showsMean('AGI-001', others);
  const juror = await tablet('giamkhao04');
  const sheet = await juror.openSheet('AGI-001');
  await juror.page.getByRole('button', { name: 'Từ chối chấm sản phẩm này' }).click();
  const dialog = juror.page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Người thân làm tại cơ sở');
  await dialog.getByRole('button', { name: 'Từ chối chấm' }).click();
  await sheet.isLocked();
  await expect(organiser.row('AGI-001')).toContainText('1 từ chối');
  await organiser.showsMean('AGI-001', others);
});

test('reopening takes the sheet out of the mean until it is confirmed again', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const marks = fullSheet(() => 1);
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.typeAll(marks);
  await sheet.confirm();
  await organiser.showsMean('AGI-004', [total(marks)]);

  await juror.page.getByRole('button', { name: 'Mở lại phiếu' }).click();
  const dialog = juror.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Mở lại phiếu' }).click();
  await expect(dialog.getByTestId('error-message')).toContainText('Nhập lý do');
  await dialog.getByRole('textbox').fill('Nhầm tiêu chí 1.1');
  await dialog.getByRole('button', { name: 'Mở lại phiếu' }).click();
  await expect(organiser.mean('AGI-004')).toHaveAttribute('data-den', '0');

  await sheet.criterion('1.1').click();
  await sheet.key('clear').click();
  await sheet.key('5').click();
  await sheet.key('done').click();
  await sheet.confirm();
  await organiser.showsMean('AGI-004', [total({ ...marks, '1.1': '5' })]);
});
