// What waits, what the server has, and what needs the juror: each with its reason and its next step (S10, S18, S19).

import fs from 'node:fs';
import { Api } from '../harness/api';
import { account, fullSheet } from '../harness/sample';
import { expect, test } from '../harness/story';
import { rescueFile, savedFile, takeIn } from '../screens/rescue';
import { signIn } from '../screens/sign_in';

test('what the server has stands behind a count for each round, with receipt and sheet code', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  await sheet.typeAll(fullSheet((place) => place % 2));
  await sheet.confirm();
  await sheet.isReceived();
  const code = await juror.page.locator('.locked .sheet-code').innerText();

  await juror.goto('/sync');
  const page = juror.page;
  const visit = page.getByTestId('received-visit');
  await expect(visit.locator('summary')).toContainText('Đánh giá thực tế sản xuất');
  await expect(visit.locator('a')).toHaveCount(0);
  await visit.locator('summary').click();
  const line = visit.getByTestId('sync-item-AGI-004');
  await expect(line).toContainText('Đã nhận');
  await expect(line).toContainText(`Mã phiếu ${code}`);
  // Written on another tablet before this one was enrolled.
  await expect(visit.getByTestId('sync-item-AGI-001')).toContainText('chấm trên máy khác');
  await expect(page.getByTestId('received-dossier').locator('summary')).toContainText('phiếu');
  await expect(page.getByTestId('needs-you')).toHaveCount(0);

  const receipt = page.getByTestId('newest-receipt');
  await receipt.locator('summary').click();
  await expect(receipt).toContainText('Vị trí trong sổ của máy chủ');
  await expect(receipt).toContainText('Khóa ký');
});

test('what waits is listed with its reason, and moves once it is received', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await juror.goto('/sync');
  const { page } = juror;
  await expect(page.getByTestId('waits').getByTestId('sync-item-AGI-004')).toContainText('Đã lưu trên máy');
  await network.mend();
  await page.getByTestId('sync-now').click();
  await expect(page.getByTestId('waits')).toHaveCount(0, { timeout: 30_000 });
  await page.getByTestId('received-visit').locator('summary').click();
  await expect(page.getByTestId('received-visit').getByTestId('sync-item-AGI-004')).toContainText('Mã phiếu');
});

test('an unplanned stop is found by search, scored offline, and says what happens next', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  await juror.goto('/work');
  const { page } = juror;
  await page.getByTestId('work-search').fill('btr-001');
  await expect(page.getByRole('heading', { name: 'Ngoài phân công' })).toBeVisible();
  await juror.workItem('BTR-001').click();
  await expect(page.getByText('Ngoài phân công').first()).toBeVisible();
  await page.getByTestId('open-sheet').click();
  await page.getByTestId('criterion-1.1').click();
  await page.getByTestId('key-6').click();
  await page.getByTestId('key-done').click();
  await expect(page.getByTestId('criterion-1.1')).toHaveAttribute('data-points', '600');
  await network.mend();
  await juror.goto('/sync');
  await page.getByTestId('sync-now').click();
  const line = page.getByTestId('needs-you').getByTestId('sync-item-BTR-001');
  await expect(line).toContainText('Ngoài phân công', { timeout: 30_000 });
  await expect(line).toContainText('ban tổ chức sẽ quyết định');
  await line.click();
  await expect(page.getByTestId('save-state')).toContainText('tạm giữ');
});

test('a sheet with two values needs its juror, and the page says what to do', async ({ tablet, wire }) => {
  const network = await wire();
  const first = await tablet('giamkhao03', network);
  network.cut();
  await (await first.openSheet('AGI-004')).mark('1.1', '6,5');
  const second = await tablet('giamkhao03');
  const sheet = await second.openSheet('AGI-004');
  await sheet.mark('1.1', '7');
  await sheet.isReceived();
  await network.mend();
  await first.goto('/sync');
  await first.page.getByTestId('sync-now').click();
  const line = first.page.getByTestId('needs-you').getByTestId('sync-item-AGI-004');
  await expect(line).toContainText('Có hai mức điểm', { timeout: 30_000 });
  await expect(line).toContainText('chọn mức điểm đúng');
});

test('what waits can be saved as a file, and of two jurors on one tablet only the work of the one who is signed in', async ({ server, tablet, wire }) => {
  const network = await wire();
  const shared = await tablet('giamkhao03', network);
  network.cut();
  await (await shared.openSheet('AGI-004')).mark('1.1', '6,5');
  await shared.goto('/work');
  await shared.signOut();
  await network.mend();
  await shared.goto('/sign-in');
  await signIn(shared.page, account('giamkhao02'));
  await shared.isReady();
  await shared.goto('/sync');
  await expect(shared.page.getByTestId('sync-now')).toBeVisible();
  await expect(shared.page.getByRole('button', { name: 'Tải tệp dự phòng' })).toHaveCount(0);

  network.cut();
  await (await shared.openSheet('AGI-004')).mark('1.1', '7');
  await shared.goto('/sync');
  const file = await rescueFile(shared.page);
  expect(file).toMatchObject({ format: 'binhchon-rescue-1', user: (await Api.signIn(server.url, account('giamkhao02'))).user, drafts: [] });
  expect(file.ops.map(({ envelope }) => JSON.parse(envelope).body.points)).toEqual([700]);
  await expect(shared.page.getByText('Tệp dự phòng đã nằm trong mục tải về')).toBeVisible();
});

test('the rescue file of a tablet that has failed is taken in on another one, and counts once should the first come back', async ({ tablet, wire }) => {
  const network = await wire();
  const failing = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await failing.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.type('1.2', '3');
  await sheet.isSaved();
  await failing.goto('/sync');
  const file = await savedFile(failing.page);

  const other = await tablet('giamkhao03');
  await other.goto('/sync');
  await expect(await takeIn(other.page, file)).toContainText('đã nhận 1 thao tác trong tệp. 1 ô đang nhập dở');
  const there = await other.openSheet('AGI-004');
  await there.showsMarks({ '1.1': '6,5', '1.2': '3' });
  await there.criterion('1.2').click();
  await there.key('done').click();
  await there.isReceived();

  await network.mend();
  await failing.page.getByTestId('sync-now').click();
  await expect(failing.page.getByTestId('waits').getByTestId('sync-item-AGI-004')).toContainText('Đang nhập');
  await other.goto('/sync');
  await other.page.getByTestId('sync-now').click();
  await expect(other.page.getByTestId('needs-you')).toHaveCount(0);
  await other.openSheet('AGI-004');
  await there.showsMarks({ '1.1': '6,5', '1.2': '3' });
});

test('what a rescue file has half typed is put back where nothing stands, and the page says how much is not (S11)', async ({ tablet, wire }) => {
  const network = await wire();
  const failing = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await failing.openSheet('AGI-004');
  await sheet.type('1.1', '3');
  await sheet.isSaved();
  await failing.newTab();
  await failing.goto('/sync');
  const file = await savedFile(failing.page);
  const text = JSON.parse(fs.readFileSync(file, 'utf8')) as { drafts: { drafts: [unknown, string][] }[] };
  text.drafts[0]!.drafts.push([{ mark: '1.2' }, '2'], ['remark', 'Bao bì đẹp']);
  fs.writeFileSync(file, JSON.stringify(text));

  const other = await tablet('giamkhao03');
  const there = await other.openSheet('AGI-004');
  await there.mark('1.1', '4');
  await there.writeRemark('Sạch sẽ');
  await there.isReceived();
  await other.goto('/sync');
  const said = await takeIn(other.page, file);
  await expect(said).toContainText('1 ô đang nhập dở đã được đưa lại vào phiếu. Không đưa lại được vì ô đó đã có nội dung khác');
  await other.openSheet('AGI-004');
  await there.shows({ '1.1': '4', '1.2': '2' });
  await expect(there.remark).toHaveValue('Sạch sẽ');
});

test("another juror's rescue file, a changed one and any other file are refused with the reason", async ({ tablet, wire }, info) => {
  const network = await wire();
  const owner = await tablet('giamkhao03', network);
  network.cut();
  await (await owner.openSheet('AGI-004')).mark('1.1', '6,5');
  await owner.goto('/sync');
  const file = await savedFile(owner.page);
  const text = fs.readFileSync(file, 'utf8');
  const changed = info.outputPath('changed.json');
  fs.writeFileSync(changed, text.replace('650', '700'));
  const photo = info.outputPath('photo.json');
  fs.writeFileSync(photo, Buffer.from([0xff, 0xd8, 0xff, 0x00]));

  const said = await takeIn(owner.page, changed);
  await expect(said).toContainText('Tệp bị hỏng hoặc đã bị sửa');
  await takeIn(owner.page, photo);
  await expect(said).toContainText('không phải tệp dự phòng');
  await takeIn(owner.page, file);
  await expect(said).toContainText('Không kết nối được với máy chủ');

  const stranger = await tablet('giamkhao02');
  await stranger.goto('/sync');
  await expect(await takeIn(stranger.page, file)).toContainText('của giám khảo khác');
});
