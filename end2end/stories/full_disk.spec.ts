// S8, S14: a write that fails is said at once, what was typed stays on screen as not saved, and is saved when that is possible again.

import { clearDisk, fillDisk } from '../harness/disk';
import { expect, test } from '../harness/story';

test('a full disk is said at once; the value stays, and is saved once there is room', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await fillDisk(juror.page);
  await sheet.type('1.2', '3');
  await expect(sheet.saveState).toHaveAttribute('data-state', 'failed');
  await expect(sheet.saveState).toContainText('CHƯA LƯU');
  await expect(sheet.criterion('1.2')).toContainText('CHƯA LƯU');
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await juror.signOutWarning();
  await expect(juror.page.getByRole('dialog')).toContainText('Riêng nội dung đang báo “chưa lưu” có thể mất');
  await juror.page.getByTestId('sign-out-stay').click();

  await clearDisk(juror.page);
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  await juror.reload();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
});

test('a mark that can not be written is refused with its reason, and is not there after a reload', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await fillDisk(juror.page);
  await sheet.criterion('1.2').click();
  await sheet.key('3').click();
  await sheet.key('done').click();
  await expect(sheet.saveState).toHaveAttribute('data-state', 'failed');
  await expect(sheet.error).not.toHaveCount(0);

  await juror.reload();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '');
});
