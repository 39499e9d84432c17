// The end of a stop: what is complete is locked at once, each sheet by a confirmation of its own (S24).

import { Api, envelope } from '../harness/api';
import { account, anyone, fullSheet, total } from '../harness/sample';
import { expect, test } from '../harness/story';
import type { Tablet } from '../screens/tablet';

const MARKS = { 'AGI-003': fullSheet(() => 0), 'AGI-004': fullSheet((place) => place % 2) };

/** All sheets of the stop that are typed, and not locked. */
async function scoreTwo(juror: Tablet): Promise<void> {
  for (const [code, marks] of Object.entries(MARKS)) {
    const sheet = await juror.openSheet(code);
    await sheet.typeAll(marks);
    await sheet.isSaved();
  }
}

test('two sheets of a stop are locked offline by one press, and both count', async ({ server, tablet, desk, wire }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  await scoreTwo(juror);
  // Begun: not complete, not offered.
  const begun = await juror.openSheet('AGI-002');
  await begun.mark('1.1', '6');
  await begun.isSaved();
  await juror.goto('/work');
  await expect(juror.confirmStop).toHaveText('Xác nhận và khóa 2 phiếu');
  await juror.confirmStop.click();
  const dialog = juror.page.getByRole('dialog');
  await expect(dialog).toContainText('AGI-003');
  await expect(dialog).toContainText('AGI-004');
  await expect(dialog).not.toContainText('AGI-002');
  await juror.page.getByTestId('confirm-several-yes').click();
  await expect(dialog).toBeHidden();
  for (const code of Object.keys(MARKS)) await expect(juror.workItem(code)).toHaveAttribute('data-state', 'confirmed');
  await expect(juror.confirmStop).toHaveCount(0);

  await network.mend();
  await juror.page.getByTestId('sync-now').first().click();
  for (const [code, marks] of Object.entries(MARKS)) await organiser.showsMean(code, [total(marks)], 30_000);
  const ops = (await (await Api.signIn(server.url, account('giamkhao03'))).pullAll()).map(envelope);
  const confirmed = ops.filter(({ round, kind, seq }) => round === 'visit' && kind === 'confirm' && seq > 0).slice(-2);
  expect(new Set(confirmed.map(({ body }) => body.state_hash)).size, 'a state of its own for each').toBe(2);
});

test('a sheet that is taken out stays open', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  await scoreTwo(juror);
  await juror.goto('/work');
  await juror.confirmStop.click();
  await juror.page.getByTestId('confirm-several-AGI-003').uncheck();
  await expect(juror.page.getByTestId('confirm-several-yes')).toHaveText('Xác nhận và khóa 1 phiếu');
  await juror.page.getByTestId('confirm-several-yes').click();
  await expect(juror.workItem('AGI-004')).toHaveAttribute('data-state', 'confirmed');
  await expect(juror.workItem('AGI-003')).toHaveAttribute('data-state', 'draft');
});

test('what changed after it was shown is named and stays open, the rest is locked', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  await scoreTwo(juror);
  await juror.goto('/work');
  await juror.confirmStop.click();
  const reviewing = juror.page;
  await juror.newTab();
  const sheet = await juror.openSheet('AGI-003');
  await sheet.criterion('1.1').click();
  await sheet.key('clear').click();
  await sheet.key('5').click();
  await sheet.key('done').click();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '500');
  await sheet.isSaved();

  juror.page = reviewing;
  await juror.page.getByTestId('confirm-several-yes').click();
  const dialog = juror.page.getByRole('dialog');
  await expect(dialog.getByTestId('error-message')).toContainText('1 phiếu chưa khóa được');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'AGI-003' })).toContainText('Phiếu vừa thay đổi');
  await expect(juror.workItem('AGI-004')).toHaveAttribute('data-state', 'confirmed');
  await expect(juror.workItem('AGI-003')).toHaveAttribute('data-state', 'draft');
});
