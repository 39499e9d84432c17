// The secretary travels along: what is written down at a stop is kept without a network, and takes effect when it is sent.

import { holdWrites, letWrite } from '../harness/disk';
import { anyone } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Presence } from '../screens/presence';
import { VisitTablet } from '../screens/visits';

test('a stop is recorded without a network, kept through a new tab, and takes effect once it is sent (S5, S8)', async ({ server, profile, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  await expect(organiser.row('AGI-005').locator('.t-count')).toContainText('0/5');
  const context = await profile();
  const tablet = await VisitTablet.enrol(context, anyone('secretary'));
  await expect(tablet.stop('2024-08-26', 3)).toContainText('vắng 1');
  await server.stop();

  await tablet.open('2024-08-26', 2);
  await tablet.arrived.fill('11:05');
  await tablet.set('Giám khảo 02', 'absent', 'Ốm, về khách sạn');
  await tablet.set('Giám khảo 01', 'present');
  await tablet.fact('stop').fill('Xưởng đang sửa mái, vẫn sản xuất');
  await tablet.fact('AGI-005').fill('Chạy thử trước đoàn');
  await tablet.arrived.focus();
  await expect(tablet.saveState).toHaveAttribute('data-state', 'saved');

  tablet.page = await context.newPage();
  await tablet.open('2024-08-26', 2);
  await expect(tablet.arrived).toHaveValue('11:05');
  await expect(tablet.juror('Giám khảo 02')).toHaveAttribute('data-presence', 'absent');
  await expect(tablet.juror('Giám khảo 02')).toContainText('Ốm, về khách sạn');
  await expect(tablet.fact('stop')).toHaveValue('Xưởng đang sửa mái, vẫn sản xuất');
  await expect(tablet.unsent.first()).toHaveText('1');

  await server.start();
  await tablet.sync();
  await tablet.open('2024-08-26', 2);
  await expect(tablet.saveState).toHaveAttribute('data-state', 'received');
  await expect(organiser.row('AGI-005').locator('.t-count')).toContainText('0/4');
  await expect(organiser.row('AGI-005')).toContainText('1 vắng');
  const presence = new Presence(organiser.page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 2);
  await expect(stop.juror('Giám khảo 02')).toContainText('Ốm, về khách sạn – Thư ký Tổ giúp việc ghi lúc');
  await expect(stop.section.getByTestId('visit-times')).toHaveText('Đoàn đến 11:05');
  await expect(stop.section.getByTestId('visit-facts')).toContainText('Xưởng đang sửa mái, vẫn sản xuất');
  await expect(stop.section.getByTestId('visit-facts')).toContainText('Chạy thử trước đoàn');
});

test('what was half typed about a stop when the page was closed is there, and goes out (S6)', async ({ server, profile, desk }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await server.stop();
  await tablet.open('2024-08-26', 1);
  await tablet.fact('stop').pressSequentially('Lò nấu mới');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'saved');
  await tablet.page.close({ runBeforeUnload: false });
  const { page } = await reopened(tablet);
  await page.goto('/work');
  await tablet.open('2024-08-26', 1);
  await expect(tablet.fact('stop')).toHaveValue('Lò nấu mới');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'saved');
  await server.start();
  await tablet.sync();
  const organiser = await desk(anyone('organiser'));
  const presence = new Presence(organiser.page);
  await presence.open();
  await expect(presence.stop('2024-08-26', 1).section.getByTestId('visit-facts')).toContainText('Lò nấu mới');
});

test('what is written last about a stop stands, also where the hand is faster than the store (S6)', async ({ profile }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await tablet.open('2024-08-26', 1);
  const write = async (text: string) => {
    await tablet.fact('stop').fill(text);
    await tablet.fact('stop').blur();
  };
  await write('Lò nấu cũ');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'received');
  await holdWrites(tablet.page);
  await write('Lò nấu mới');
  await write('Lò nấu cũ');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'saving');
  await letWrite(tablet.page);
  await tablet.reload();
  await expect(tablet.fact('stop')).toHaveValue('Lò nấu cũ');
});

test('desk and tablet that did not know of each other: the more present word holds, both see the doubt, and the secretary decides (S23)', async ({ profile, desk }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  const organiser = await desk(anyone('organiser'));
  const presence = new Presence(organiser.page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 2);
  await tablet.page.context().setOffline(true);
  await tablet.open('2024-08-26', 2);
  await tablet.set('Giám khảo 03', 'absent', 'Không thấy đến');
  await stop.set('Giám khảo 03', 'late', 'Gọi điện báo kẹt phà');
  await expect(stop.juror('Giám khảo 03')).toHaveAttribute('data-presence', 'late');

  await tablet.page.context().setOffline(false);
  await tablet.sync();
  await tablet.open('2024-08-26', 2);
  await expect(tablet.juror('Giám khảo 03')).toHaveAttribute('data-presence', 'late');
  await expect(tablet.juror('Giám khảo 03')).toContainText('Hai ghi nhận khác nhau');
  await organiser.page.reload();
  await expect(stop.juror('Giám khảo 03')).toContainText('Hai ghi nhận khác nhau');

  await tablet.set('Giám khảo 03', 'absent', 'Phà không chạy, không đến được');
  await expect(tablet.juror('Giám khảo 03')).not.toContainText('Hai ghi nhận khác nhau');
  await tablet.sync();
  await organiser.page.reload();
  await expect(stop.juror('Giám khảo 03')).toHaveAttribute('data-presence', 'absent');
  await expect(stop.juror('Giám khảo 03')).not.toContainText('Hai ghi nhận khác nhau');
});

test('the desk that has not seen a word from the road is shown it first, keeps what was typed, and then decides (S23)', async ({ profile, desk }) => {
  const organiser = await desk(anyone('organiser'));
  const presence = new Presence(organiser.page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 2);
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await tablet.open('2024-08-26', 2);
  await tablet.set('Giám khảo 04', 'late', 'Kẹt phà');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'received');

  await stop.set('Giám khảo 04', 'absent', 'Không liên lạc được');
  await expect(stop.section.getByTestId('error-message')).toBeVisible();
  await expect(stop.section.getByTestId('dialog-note')).toHaveText('Giám khảo 04: đến muộn – Kẹt phà');
  await expect(stop.section.getByRole('textbox')).toHaveValue('Không liên lạc được');
  await expect(stop.juror('Giám khảo 04')).toHaveAttribute('data-presence', 'late');
  await stop.giveReason('Không liên lạc được');
  await expect(stop.juror('Giám khảo 04')).toHaveAttribute('data-presence', 'absent');
});

test('late and absent want a reason; what was typed stays in the dialog; one touch records all who are there', async ({ profile }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await tablet.open('2024-08-26', 2);
  await tablet.juror('Giám khảo 04').getByTestId('presence-set-absent').click();
  const dialog = tablet.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Ghi', exact: true }).click();
  await expect(dialog.getByTestId('error-message')).toHaveText('Nhập lý do.');
  await tablet.page.keyboard.press('Escape');
  await expect(tablet.juror('Giám khảo 04')).toHaveAttribute('data-presence', 'present');
  await tablet.set('Giám khảo 05', 'late', 'Xe hỏng');
  await tablet.page.getByTestId('all-present').click();
  await expect(tablet.page.locator('[data-testid^=presence-juror-][data-recorded]')).toHaveCount(5);
  await expect(tablet.juror('Giám khảo 05')).toHaveAttribute('data-presence', 'late');
});

test('a juror has no records of stops, and a secretary no sheets', async ({ tablet, profile }) => {
  const secretary = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await secretary.open('2024-08-26', 1);
  const address = new URL(secretary.page.url()).pathname;
  const juror = await tablet('giamkhao01');
  await juror.goto(address);
  await expect(juror.page.getByRole('heading', { level: 1 })).toHaveText('Không có điểm đến này');
  await secretary.goto('/marks');
  await expect(secretary.page.locator('[data-testid^=marks-row-]')).toHaveCount(0);
});

/** The same browser, another page. */
async function reopened(tablet: VisitTablet): Promise<VisitTablet> {
  tablet.page = await tablet.page.context().newPage();
  return tablet;
}
