// S8, S14: a write that fails is said at once, what was typed stays on screen as not saved, and is saved when that is possible again.

import { clearDisk, fillDisk } from '../harness/disk';
import { anyone } from '../harness/sample';
import { expect, test } from '../harness/story';
import { VisitTablet } from '../screens/visits';

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
  await expect(juror.page.locator('#finish-why')).toContainText('Điểm ở tiêu chí 1.2 chưa lưu được trên máy');
  await juror.signOutWarning();
  await expect(juror.page.getByRole('dialog')).toContainText('Riêng nội dung đang báo “chưa lưu” có thể mất');
  await juror.page.getByTestId('sign-out-anyway').click();
  await expect(juror.page.getByRole('dialog').getByRole('alert')).toContainText('Chưa đăng xuất được');
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

test('before a page is left on which something is not saved the browser asks, and else does not (S8)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  await fillDisk(juror.page);
  await sheet.type('1.2', '3');
  await expect(sheet.saveState).toHaveAttribute('data-state', 'failed');
  const asked = juror.page.waitForEvent('dialog');
  await juror.page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');

  await clearDisk(juror.page);
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  juror.page.on('dialog', (other) => {
    throw new Error(`asked, with everything saved: ${other.type()}`);
  });
  await juror.reload();
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
});

test('a time that could not be written down is not on the screen as if it were (S8)', async ({ profile }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await tablet.open('2024-08-26', 2);
  await fillDisk(tablet.page);
  await tablet.arrived.fill('11:05');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'failed');
  await expect(tablet.arrived).toHaveValue('');
  await clearDisk(tablet.page);
  await tablet.arrived.fill('11:05');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'received');
  await tablet.reload();
  await expect(tablet.arrived).toHaveValue('11:05');
});

test("a secretary's way to the desk asks once about what is not saved, and stays if told so (S8)", async ({ server, profile }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await tablet.open('2024-08-26', 2);
  await fillDisk(tablet.page);
  await tablet.fact('stop').fill('Lò mới');
  await expect(tablet.saveState).toHaveAttribute('data-state', 'failed');
  const questions: string[] = [];
  let answer = false;
  tablet.page.on('dialog', (question) => {
    questions.push(`${question.type()} ${question.message()}`);
    void (answer ? question.accept() : question.dismiss());
  });
  await tablet.page.getByRole('link', { name: 'Về việc của tôi' }).click();
  const toDesk = async () => {
    await tablet.page.getByRole('button', { name: 'Mở trình đơn' }).click();
    await tablet.page.getByRole('link', { name: 'Bàn làm việc' }).click();
  };
  await toDesk();
  await expect.poll(() => questions).toEqual([expect.stringContaining('sẽ mất khi rời trang này')]);
  await tablet.page.keyboard.press('Escape');
  await tablet.stop('2024-08-26', 2).click();
  await expect(tablet.fact('stop')).toHaveValue('Lò mới');

  await tablet.page.getByRole('link', { name: 'Về việc của tôi' }).click();
  answer = true;
  await toDesk();
  await expect(tablet.page).toHaveURL(new RegExp(`^${server.url}/desk`));
  expect(questions.map((question) => question.split(' ')[0])).toEqual(['confirm', 'confirm']);
});
