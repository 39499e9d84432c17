// S25, S26: a round closes, late work is held, an organiser rules on it, and the juror sees what became of it.

import { account, anyone, fullSheet, total } from '../harness/sample';
import { expect, test } from '../harness/story';
import { RoundLife } from '../screens/round_life';
import { StopGrid } from '../screens/stop_grid';
import { signIn } from '../screens/sign_in';

test('late work is held, and counts once an organiser admits it; the juror sees it (S25)', async ({ tablet, desk, wire }) => {
  const organiser = await desk(anyone('organiser'));
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  const sheet = await juror.openSheet('AGI-004');
  network.cut();
  const marks = fullSheet(() => 1);
  await sheet.typeAll(marks);
  await sheet.confirm();

  const life = new RoundLife(organiser.page);
  await life.open();
  await expect(life.history).toHaveCount(1);
  await organiser.page.getByTestId('round-close').click();
  await expect(organiser.page.getByTestId('dialog-note')).toContainText(/Còn \d+ phiếu chưa xác nhận/);
  await life.answer('Hết ba ngày đi thực tế');
  await expect(life.history).toHaveCount(2);
  await expect(life.history.first()).toContainText('Đã đóng');
  await expect(life.history.first()).toContainText('Hết ba ngày đi thực tế');
  await expect(life.held).toHaveCount(0);

  await network.mend();
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.unsent.first()).toHaveText('0');
  await juror.openSheet('AGI-004');
  await expect(sheet.saveState).toContainText('tạm giữ');

  await organiser.page.getByTestId('reload').click();
  const held = life.held.filter({ hasText: 'AGI-004' });
  await expect(held).toContainText('Giám khảo 03');
  await expect(held).toContainText('Vòng chấm đã đóng');
  await expect(held).toContainText('Xác nhận phiếu');
  await life.rule('admit', held, '   ');
  await expect(life.error).toHaveText('Nhập lý do.');
  await life.answer('Máy mất mạng đến tối, thư ký xác nhận');
  await expect(life.held.filter({ hasText: 'AGI-004' })).toHaveCount(0);
  await expect(life.ruled.first()).toContainText('Máy mất mạng đến tối, thư ký xác nhận');
  await organiser.openTotals();
  await organiser.showsMean('AGI-004', [total(marks)]);

  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await juror.openSheet('AGI-004');
  await expect(sheet.saveState).not.toContainText('tạm giữ');
});

test('a sheet without an assignment counts like any other once it is admitted (S15, S25)', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  await expect(organiser.row('BTR-001')).toHaveCount(0);
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('BTR-001');
  const marks = fullSheet(() => 1);
  await sheet.typeAll(marks);
  await sheet.confirm();
  await expect(juror.unsent.first()).toHaveText('0');

  const desktop = await organiser.page.context().newPage();
  const life = new RoundLife(desktop);
  await life.open();
  await expect(desktop.getByRole('heading', { name: /Phiếu tạm giữ/ })).toContainText('1');
  await life.rule('admit', life.held.filter({ hasText: 'BTR-001' }), 'Đoàn ghé thêm theo yêu cầu của Sở');
  await expect(life.ruled).not.toHaveCount(0);
  await organiser.showsMean('BTR-001', [total(marks)]);

  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.getByTestId('needs-you')).toHaveCount(0);
  await juror.goto('/work');
  await expect(juror.workItem('BTR-001')).toHaveAttribute('data-state', 'confirmed');
  await juror.openSheet('BTR-001');
  await sheet.isLocked();
  await expect(juror.page.getByText('Ngoài phân công')).toHaveCount(0);
});

test('denied work never counts, and the juror is told (S25)', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('BTR-001');
  await sheet.mark('1.1', '6,5');
  await expect(juror.unsent.first()).toHaveText('0');

  const life = new RoundLife(organiser.page);
  await life.open();
  const held = life.held.filter({ hasText: 'BTR-001' });
  await expect(held).toContainText('Ngoài phân công');
  await life.rule('deny', held, 'Sản phẩm không thuộc đoàn này');
  await expect(life.ruled.first()).toContainText('Không tính 1 thao tác');

  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.getByText('Ban tổ chức quyết định không tính').first()).toBeVisible();
});

test('a round about to close begins no new sheets on a tablet, and reopening wants a reason (S25)', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  const life = new RoundLife(organiser.page);
  await life.open();
  await life.move('begin_closing');
  await expect(life.history.first()).toContainText('Sắp đóng');
  const juror = await tablet('giamkhao03');
  await juror.page.setViewportSize({ width: 360, height: 740 });
  const sheet = await juror.openSheet('AGI-004');
  await expect(juror.page.getByText('Vòng chấm sắp đóng').first()).toBeVisible();
  await sheet.type('1.4', '3');
  await expect(sheet.error).toContainText('không mở phiếu mới');
  await expect(sheet.error).toBeInViewport({ ratio: 1 });
  await expect(sheet.criterion('1.4')).toHaveAttribute('data-points', '');
  await expect(juror.unsent.first()).toHaveText('0');
  const grid = await StopGrid.open(juror.page, '2024-08-26', 1);
  await grid.type('AGI-004', '1.4', '3');
  await expect(grid.error).toContainText('không mở phiếu mới');
  await expect(grid.error).toBeInViewport({ ratio: 1 });
  await grid.shows('AGI-004', '1.4', '');
  // On a tablet held sideways the refusal takes three lines, and no key gives way to them.
  await juror.page.setViewportSize({ width: 1024, height: 768 });
  for (const seen of [grid.error, grid.key('0')]) await expect(seen).toBeInViewport({ ratio: 1 });
  await life.move('close');
  await expect(life.history.first()).toContainText('Đã đóng');
  await life.move('publish');
  await expect(life.history.first()).toContainText('Đã công bố');
  await life.move('reopen');
  await expect(life.error).toHaveText('Nhập lý do.');
  await life.answer('Hội đồng yêu cầu chấm bổ sung');
  await expect(life.history.first()).toContainText('lần mở 2');
});

test('a sheet stays in hand when its round begins to close while a mark is typed (S6, S25)', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  const life = new RoundLife(organiser.page);
  await life.open();
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.type('1.1', '6');
  await life.move('begin_closing');
  await expect(life.history.first()).toContainText('Sắp đóng');
  await juror.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(juror.page.getByText('Vòng chấm sắp đóng').first()).toBeVisible();
  for (const key of [',', '5', 'done']) await sheet.key(key).click();
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await sheet.isReceived();
});

test('the grid stays in hand when its round begins to close while a mark is typed (S6, S25)', async ({ tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  const life = new RoundLife(organiser.page);
  await life.open();
  const juror = await tablet('giamkhao03');
  const grid = await StopGrid.open(juror.page, '2024-08-26', 1);
  await grid.cell('AGI-004', '1.1').click();
  await juror.page.keyboard.type('6');
  await grid.shows('AGI-004', '1.1', '6');
  await life.move('begin_closing');
  await expect(life.history.first()).toContainText('Sắp đóng');
  await juror.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(juror.page.getByText('Vòng chấm sắp đóng').first()).toBeVisible();
  await expect(grid.cell('AGI-004', '1.1')).toHaveAttribute('aria-current', 'true');
  await juror.page.keyboard.type(',5');
  await juror.page.keyboard.press('Enter');
  await grid.shows('AGI-004', '1.1', '6,5');
  await expect(grid.total('AGI-004')).toHaveAttribute('data-points', '650');
});

test('what two organisers do at once is never done twice: the second sees the first', async ({ desk }) => {
  const [one, other] = [await desk(anyone('organiser')), await desk(anyone('organiser'))];
  const [first, second] = [new RoundLife(one.page), new RoundLife(other.page)];
  await first.open();
  await second.open();
  await first.move('begin_closing');
  await expect(first.history).toHaveCount(2);
  await second.move('close', 'Đủ phiếu');
  await expect(second.error).toContainText('Có người vừa sửa');
  await expect(second.page.getByRole('dialog').getByRole('textbox')).toHaveValue('Đủ phiếu');
  await expect(second.history.first()).toContainText('Sắp đóng');
});

test('a lost tablet is revoked with a reason: what it delivers is held (S26, S30)', async ({ tablet, desk }) => {
  const juror = await tablet('giamkhao03');
  const organiser = await desk(anyone('organiser'));
  const { page } = organiser;
  await page.goto('/desk/tablets');
  const mine = page.getByTestId('tablets').getByRole('listitem').filter({ hasText: 'Giám khảo 03' });
  // The sample's sheets came from a tablet of their own; this one has delivered nothing yet.
  const line = mine.filter({ hasText: 'đã nhận 0 thao tác' });
  await expect(line).toContainText('Đã gửi hết');
  await line.getByTestId('revoke').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Để quên trên xe ở Tịnh Biên');
  await dialog.locator('.button.primary').click();
  await expect(mine.filter({ hasText: 'Để quên trên xe ở Tịnh Biên' })).toContainText('Đã thu quyền gửi');

  // Whoever holds it now is signed out; what is written waits on it until its juror signs in there again.
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  await juror.goto('/work');
  await expect(juror.page.getByText('Phiên đăng nhập đã hết')).toBeVisible();
  await expect(juror.unsent).toHaveText('1');
  await juror.page.getByRole('link', { name: 'Đăng nhập lại' }).click();
  await signIn(juror.page, account('giamkhao03'));
  await juror.isReady();
  await expect(juror.unsent).toHaveText('0');
  await juror.openSheet('AGI-004');
  await expect(sheet.saveState).toContainText('tạm giữ');
});

test('the secretary sees a round\'s life and can not change it; a juror sees nothing of it', async ({ desk }) => {
  const secretary = await desk(anyone('secretary'));
  const life = new RoundLife(secretary.page);
  await life.open();
  await expect(life.history).toHaveCount(1);
  await expect(secretary.page.getByTestId('round-close')).toHaveCount(0);
  const { page } = await desk(anyone('juror'));
  for (const path of ['/desk/rounds/visit/life', '/desk/tablets']) {
    await page.goto(path);
    await expect(page.getByTestId('error-message')).toContainText('chỉ mở cho ban tổ chức');
  }
});
