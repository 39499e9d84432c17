// S3, S12, S23: one juror in two tabs and on two tablets. Work meets on one sheet; two values are kept, flagged, never counted.

import { anyone, fullSheet, total } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Sheet } from '../screens/sheet';

const MARKS = fullSheet((place) => place % 2);

test('what one tablet sent arrives on the other', async ({ tablet }) => {
  const [first, second] = [await tablet('giamkhao03'), await tablet('giamkhao03')];
  const sheet = await first.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.isReceived();
  await second.goto('/sync');
  await second.page.getByTestId('sync-now').click();
  const other = await second.openSheet('AGI-004');
  await expect(other.criterion('1.1')).toHaveAttribute('data-points', '650');
});

test('two marks for one criterion from two tablets are both kept, and the sheet does not count', async ({ tablet, desk, wire }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const network = await wire();
  const [first, second] = [await tablet('giamkhao03'), await tablet('giamkhao03', network)];
  network.cut();
  const away = await second.openSheet('AGI-004');
  await away.mark('1.1', '3');
  await away.isSaved();

  const home = await first.openSheet('AGI-004');
  await home.typeAll(MARKS);
  await home.confirm();
  await organiser.showsMean('AGI-004', [total(MARKS)]);

  await network.mend();
  await second.goto('/sync');
  await second.page.getByTestId('sync-now').click();
  await expect(second.unsent.first()).toHaveText('0');
  await expect(organiser.mean('AGI-004')).toHaveAttribute('data-den', '0');
  await expect(organiser.row('AGI-004')).toContainText('1 chờ giám khảo xem lại');
  await expect(organiser.banner).toContainText('1 phiếu chờ giám khảo xem lại');
  // Both values stand on the sheet, and neither is taken for the mark.
  await second.openSheet('AGI-004');
  await expect(away.criterion('1.1')).toContainText(new RegExp(`Hai máy ghi khác nhau: (3 và ${MARKS['1.1']}|${MARKS['1.1']} và 3)\\.`));
  await expect(away.criterion('1.1')).toHaveAttribute('data-points', '');
});

test('of two marks the juror chooses one, side by side, and the other tablet follows', async ({ tablet, wire }) => {
  const network = await wire();
  const [first, second] = [await tablet('giamkhao03'), await tablet('giamkhao03', network)];
  network.cut();
  const away = await second.openSheet('AGI-004');
  await away.mark('1.1', '3');
  const home = await first.openSheet('AGI-004');
  await home.mark('1.1', '6,5');
  await home.isReceived();
  await network.mend();
  await second.goto('/sync');
  await second.page.getByTestId('sync-now').click();
  await expect(second.page.getByTestId('needs-you').getByTestId('sync-item-AGI-004')).toContainText('Có hai mức điểm');

  await second.openSheet('AGI-004');
  const choose = (points: number) => second.page.getByTestId(`choose-1.1-${points}`);
  await expect(choose(300)).toContainText('trên máy này');
  await expect(choose(650)).toContainText('trên máy khác');
  await expect(away.confirmButton).toBeDisabled();
  await expect(second.page.locator('#finish-why')).toContainText('Tiêu chí 1.1 có mức điểm khác nhau từ các máy');
  await choose(650).click();
  await expect(away.criterion('1.1')).toHaveAttribute('data-points', '650');
  await expect(away.criterion('1.1')).toBeFocused();
  await expect(choose(650)).toHaveCount(0);
  await away.isReceived();

  await first.goto('/sync');
  await first.page.getByTestId('sync-now').click();
  await expect(first.page.getByTestId('needs-you')).toHaveCount(0);
  await first.openSheet('AGI-004');
  await home.showsMarks({ '1.1': '6,5' });
});

test('what was half typed on a tablet that was put away stands beside the mark given since, and the juror chooses (S23)', async ({ tablet }) => {
  const [away, home] = [await tablet('giamkhao03'), await tablet('giamkhao03')];
  const left = await away.openSheet('AGI-004');
  await left.type('1.1', '3');
  await left.isSaved();
  const given = await home.openSheet('AGI-004');
  await given.mark('1.1', '4');
  await given.isReceived();

  await away.newTab();
  await away.goto('/work');
  await expect(away.workItem('AGI-004')).toContainText(/đang chấm 1\//i);
  const sheet = await away.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toContainText(/Hai máy ghi khác nhau: (3 và 4|4 và 3)\./);
  await away.page.getByTestId('choose-1.1-400').click();
  await sheet.isReceived();
  await sheet.showsMarks({ '1.1': '4' });

  await home.goto('/sync');
  await home.page.getByTestId('sync-now').click();
  await expect(home.page.getByTestId('needs-you')).toHaveCount(0);
  await home.openSheet('AGI-004');
  await given.showsMarks({ '1.1': '4' });
});

test('two tabs write one unbroken chain, and see each other\'s marks', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  const left = await juror.openSheet('AGI-004');
  await juror.newTab();
  const right = await juror.openSheet('AGI-004');
  for (const [place, [code, text]] of Object.entries(MARKS).slice(0, 6).entries()) {
    await new Sheet(place % 2 === 0 ? left.page : right.page).mark(code, text);
  }
  for (const tab of [left, right]) await tab.shows(Object.fromEntries(Object.entries(MARKS).slice(0, 6)));
  await expect(left.page.getByTestId('unsent-count')).toHaveText('1');

  await network.mend();
  await right.mark('2.1', '4');
  await expect(right.page.getByTestId('unsent-count')).toHaveText('0', { timeout: 30_000 });
  await expect(left.page.getByTestId('unsent-count')).toHaveText('0');
  expect(network.exchanges.filter((line) => line.startsWith('POST /api/v1/sync/push 4'))).toEqual([]);
});
