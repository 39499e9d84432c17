// The secretary writes down who was at a stop; an absence takes the juror's sheets there out of what is waited for.

import { anyone, fullSheet } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Presence } from '../screens/presence';

const PHONE = { width: 360, height: 740 };

test('an absence on the secretary\'s phone takes sheets out of what the open totals wait for; coming after all puts them back', async ({ desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  // AGI-005 is at the second stop: nobody is absent there in the sample.
  await expect(organiser.row('AGI-005').locator('.t-count')).toContainText('0/5');

  const secretary = await desk(anyone('secretary'));
  await secretary.page.setViewportSize(PHONE);
  const presence = new Presence(secretary.page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 2);
  const juror = stop.juror('Giám khảo 02');
  await expect(juror).toContainText('Chưa ghi, tính là có mặt');

  await stop.set('Giám khảo 02', 'absent', 'Ốm, về khách sạn');
  await expect(juror).toHaveAttribute('data-presence', 'absent');
  await expect(juror).toContainText('Ốm, về khách sạn – Thư ký Tổ giúp việc ghi lúc');
  await expect(juror.getByTestId('presence-set-absent')).toHaveAttribute('aria-pressed', 'true');
  await expect(organiser.row('AGI-005').locator('.t-count')).toContainText('0/4');
  await expect(organiser.row('AGI-005')).toContainText('1 vắng');
  await expect(organiser.row('AGI-001')).not.toContainText('vắng');

  await stop.set('Giám khảo 02', 'late', 'Xe hỏng');
  await expect(juror).toHaveAttribute('data-presence', 'late');
  await expect(organiser.row('AGI-005').locator('.t-count')).toContainText('0/5');
  await stop.set('Giám khảo 02', 'present');
  await expect(juror).toHaveAttribute('data-presence', 'present');
  await expect(juror.getByTestId('presence-set-present')).toHaveAttribute('aria-pressed', 'true');
  await expect(juror.getByTestId('presence-set-present')).toBeFocused();
});

test('a sheet that was confirmed before its juror was recorded as absent is not dropped without a word', async ({ desk, tablet }) => {
  const juror = await tablet('giamkhao02');
  const sheet = await juror.openSheet('AGI-005');
  await sheet.typeAll(fullSheet((place) => place % 2));
  await sheet.confirm();
  await sheet.isReceived();

  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const row = organiser.row('AGI-005');
  await expect(row.locator('.t-count')).toContainText('1/5');
  const presence = new Presence((await desk(anyone('secretary'))).page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 2);
  await stop.set('Giám khảo 02', 'absent', 'Không thấy trên xe');
  await expect(stop.juror('Giám khảo 02').getByTestId('set-aside')).toContainText('Đã xác nhận 1 phiếu tại điểm đến này');
  await expect(row.locator('.t-count')).toContainText('0/4');
  await expect(row).toContainText('1 đã chấm nhưng ghi vắng');
  await expect(organiser.banner).toContainText('1 phiếu đã xác nhận của giám khảo ghi vắng mặt, không tính');

  await stop.set('Giám khảo 02', 'present');
  await expect(row.locator('.t-count')).toContainText('1/5');
  await expect(stop.juror('Giám khảo 02').getByTestId('set-aside')).toHaveCount(0);
  await expect(organiser.banner).not.toContainText('ghi vắng');
});

test('late and absent want a reason; nothing is recorded without one or without a network', async ({ desk, server }) => {
  const secretary = await desk(anyone('secretary'));
  const presence = new Presence(secretary.page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 1);
  await stop.set('Giám khảo 01', 'late', '   ');
  await expect(stop.section.getByTestId('error-message')).toHaveText('Nhập lý do.');
  await expect(stop.juror('Giám khảo 01')).toHaveAttribute('data-presence', 'present');
  await server.stop();
  await stop.giveReason('Kẹt phà');
  await expect(stop.section.getByTestId('error-message')).toContainText('Không kết nối được với máy chủ');
  await expect(stop.section.getByRole('textbox')).toHaveValue('Kẹt phà');
  await server.start();
  await stop.giveReason('Kẹt phà');
  await expect(stop.juror('Giám khảo 01')).toHaveAttribute('data-presence', 'late');
  await secretary.page.reload();
  await expect(stop.juror('Giám khảo 01')).toContainText('Kẹt phà');
});

test('what the sample recorded stands there; a round without stops says so', async ({ desk }) => {
  const secretary = await desk(anyone('secretary'));
  const presence = new Presence(secretary.page);
  await presence.open();
  await expect(presence.stop('2024-08-26', 3).juror('Giám khảo 05')).toHaveAttribute('data-presence', 'absent');
  await secretary.page.goto('/desk/rounds/dossier/presence');
  await expect(secretary.page.getByText('Vòng này không có điểm đến')).toBeVisible();
});

test('a juror neither sees nor records who was there', async ({ desk }) => {
  const { page } = await desk(anyone('juror'));
  await page.goto('/desk/rounds/visit/presence');
  await expect(page.getByTestId('error-message')).toContainText('chỉ mở cho ban tổ chức');
  await expect(page.locator('[data-testid^=presence-stop-]')).toHaveCount(0);
});
