// What a round asks of its jurors is the Council's decision: to adjust some marks of an earlier sheet, or remarks alone.

import { anyone, sampleSheets, total } from '../harness/sample';
import { Api } from '../harness/api';
import { prepareVisitMode } from '../harness/edition';
import { expect, test as story } from '../harness/story';
import fs from 'node:fs';

const inMode = (mode: string) =>
  story.extend({
    prepared: async ({}, use) => {
      const folder = prepareVisitMode(mode);
      await use(folder);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  });

const adjusting = inMode('mode = "adjust"\nfrom = "dossier"\nadjustable = ["2.4", "3"]');
const remarking = inMode('mode = "remarks"');

/** What giamkhao03 gave AGI-004 in the first round. */
const earlier = () => sampleSheets('dossier', 'AGI-004').find(({ juror }) => juror === 'giamkhao03')!.marks;

adjusting('one criterion is adjusted without a network, all others stay as they were', async ({ server, tablet, desk, wire }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const marks = { ...earlier(), '2.4': '2,5' };
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  await expect(juror.workItem('AGI-004')).toContainText('Chưa xem lại');
  network.cut();

  const sheet = await juror.openSheet('AGI-004');
  await sheet.shows(earlier());
  await expect(sheet.count).toHaveText('Đổi 0/2 tiêu chí');
  await expect(sheet.criterion('1.1')).toBeDisabled();
  await expect(sheet.criterion('1.1')).toContainText('từ vòng Hồ sơ');
  await expect(sheet.criterion('2.4')).toContainText(`Vòng Hồ sơ: ${earlier()['2.4']}`);
  await sheet.mark('2.4', '2,5');
  await expect(sheet.criterion('2.4')).toContainText(`Vòng Hồ sơ: ${earlier()['2.4']}`);
  await expect(sheet.count).toHaveText('Đổi 1/2 tiêu chí');
  await sheet.shows(marks);

  await juror.reload();
  await sheet.shows(marks);
  await sheet.confirm();
  await sheet.shows(marks);
  await network.mend();
  await juror.page.getByTestId('save-state').waitFor();
  await expect(sheet.saveState).toHaveAttribute('data-state', 'received', { timeout: 30_000 });
  await organiser.showsMean('AGI-004', [total(marks)]);
  const row = await (await Api.signIn(server.url, anyone('organiser'))).row('visit', 'AGI-004');
  expect(row.mean).toEqual({ num: total(marks), den: 1 });
});

adjusting('an untouched sheet counts once it is confirmed, with its earlier total', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  await expect(organiser.mean('AGI-004')).toHaveAttribute('data-den', '0');
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.confirm();
  await organiser.showsMean('AGI-004', [total(earlier())]);
});

adjusting('arrows walk over the criteria that may change, and over no others', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.criterion('2.4').click();
  await juror.page.keyboard.press('ArrowDown');
  await expect(sheet.criterion('3')).toHaveAttribute('aria-current', 'true');
  await juror.page.keyboard.type('8');
  await juror.page.keyboard.press('Escape');
  await expect(sheet.criterion('3')).toHaveAttribute('data-points', '800');
  await expect(sheet.criterion('2.5')).toHaveAttribute('data-points', String(Number(earlier()['2.5']!.replace(',', '.')) * 100));
});

remarking('a sheet of remarks is confirmed without marks, and enters no mean', async ({ server, tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const juror = await tablet('giamkhao03');
  await expect(juror.workItem('AGI-004')).toContainText('Chưa nhận xét');
  const sheet = await juror.openSheet('AGI-004');
  await expect(sheet.count).toHaveText('Chỉ nhận xét');
  await expect(sheet.total).toHaveCount(0);
  await expect(sheet.criterion('1.1')).toHaveCount(0);
  await sheet.writeRemark('Xưởng sạch, quy trình rõ.');
  await sheet.confirm();
  await expect(juror.page.getByText('Phiếu nhận xét đã khóa')).toBeVisible();
  await expect(sheet.remark).toHaveText('Xưởng sạch, quy trình rõ.');
  await sheet.isReceived();
  const row = await (await Api.signIn(server.url, anyone('organiser'))).row('visit', 'AGI-004');
  expect(row).toMatchObject({ remarked: 1, confirmed: 0, mean: null });
  await expect(organiser.mean('AGI-004')).toHaveAttribute('data-den', '0');
  await expect(organiser.row('AGI-004')).toContainText('1 phiếu nhận xét');
  await juror.goto('/work');
  await expect(juror.workItem('AGI-004')).toContainText('Đã khóa');
});
