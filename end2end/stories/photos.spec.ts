// S5: photos on sheets and in records of stops: saved with their operation, without a network; brought once there is one.

import fs from 'node:fs';
import { PLACE, snapshot } from '../harness/camera';
import { anyone, fullSheet } from '../harness/sample';
import { clearDisk, fillDisk } from '../harness/disk';
import { expect, test } from '../harness/story';
import { Photos, isSeen, sentPhotos } from '../screens/photos';
import { Presence } from '../screens/presence';
import { savedFile, takeIn } from '../screens/rescue';
import { VisitTablet } from '../screens/visits';

test('photos are saved without a network, small and without their place, and brought once there is one (S8, S10)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  const photos = new Photos(juror.page);
  await expect(photos.said).toContainText('tự gửi khi có mạng');
  await photos.choose(await snapshot(juror.page, 20), await snapshot(juror.page, 120, 1000, 3000));
  await photos.show(2);
  await expect(photos.section).toContainText('2/12 ảnh');
  await sheet.isSaved();
  const sizes = await photos.tiles.locator('img').evaluateAll((all) => all.map((one) => [(one as HTMLImageElement).naturalWidth, (one as HTMLImageElement).naturalHeight].join('×')));
  expect(sizes.sort()).toEqual(['1600×1066', '533×1600']);

  await juror.newTab();
  await juror.openSheet('AGI-004');
  await new Photos(juror.page).show(2);
  await expect(juror.unsent.first()).toHaveText('1');

  await server.start();
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.unsent.first()).toHaveText('0');
  const names = await sentPhotos(juror.page);
  expect(names).toHaveLength(2);
  for (const name of names) {
    const answer = await juror.page.request.get(`/api/v1/photos/${name}`);
    expect(answer.headers()).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' });
    const body = await answer.body();
    expect(body.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(body.includes(PLACE), 'where it was taken').toBe(false);
  }
  const other = await tablet('giamkhao01');
  expect((await other.page.request.get(`/api/v1/photos/${names[0]}`)).status()).toBe(404);
});

test('a photo is looked at and removed; a confirmed sheet keeps its photos as they are', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  const photos = new Photos(juror.page);
  await photos.choose(await snapshot(juror.page, 20), await snapshot(juror.page, 200));
  await photos.show(2);
  await photos.remove(0);
  await photos.show(1);
  await expect(juror.page.getByTestId('photo-put-back')).toBeFocused();
  await juror.page.getByTestId('photo-put-back').click();
  await photos.show(2);
  await photos.remove(0);
  await photos.show(1);
  await sheet.typeAll(fullSheet((place) => place % 2));
  await sheet.confirmButton.click();
  await isSeen(juror.page.getByTestId('review-photos').locator('img'));
  await juror.page.keyboard.press('Escape');
  await sheet.confirm();
  await photos.show(1);
  await expect(photos.section.getByTestId('photo-file')).toHaveCount(0);
  await photos.tiles.first().click();
  await isSeen(juror.page.getByRole('dialog').locator('img'));
  await expect(juror.page.getByTestId('photo-remove')).toHaveCount(0);
});

test('a file that is no picture is refused with its reason, and the others of the same choice are added', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  await juror.openSheet('AGI-004');
  const photos = new Photos(juror.page);
  await photos.choose({ name: 'ghi-chu.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('không phải ảnh') }, await snapshot(juror.page, 60));
  await photos.show(1);
  await expect(photos.said).toContainText('Tệp vừa chọn không mở được thành ảnh');
});

test('a photo that the tablet has no room for stays, whatever page is open, and its sheet is not confirmed without it (S8, S24)', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  const sheet = await juror.openSheet('AGI-004');
  const photos = new Photos(juror.page);
  await sheet.typeAll(fullSheet((place) => place % 2));
  await expect(sheet.confirmButton).toHaveAttribute('aria-disabled', 'false');
  await juror.reload();
  await fillDisk(juror.page);
  await photos.choose(await snapshot(juror.page, 20), await snapshot(juror.page, 90));
  await expect(photos.unsaved).toHaveCount(2);
  await expect(photos.unsaved.first()).toContainText('Chưa lưu trên máy. Bộ nhớ máy đã đầy');
  await isSeen(photos.unsaved.first().locator('img'));
  await expect(photos.tiles).toHaveCount(0);
  await expect(juror.page.locator('#finish-why')).toContainText('Có ảnh chưa lưu trên máy');
  await sheet.confirmButton.click({ force: true });
  await expect(juror.page.getByRole('dialog')).toHaveCount(0);
  await photos.unsaved.first().getByRole('button', { name: 'Lưu lại' }).click();
  await expect(photos.unsaved).toHaveCount(2);

  await juror.page.getByRole('link', { name: 'phiếu chưa gửi' }).first().click();
  await expect(juror.page).toHaveURL(/\/sync$/);
  await juror.page.getByTestId('sync-item-AGI-004').click();
  await expect(photos.unsaved).toHaveCount(2);
  await photos.unsaved.last().getByRole('button', { name: 'Bỏ ảnh' }).click();
  await expect(photos.unsaved).toHaveCount(1);
  await clearDisk(juror.page);
  await photos.show(1);
  await expect(photos.unsaved).toHaveCount(0);
  await sheet.confirm();
  await juror.reload();
  await photos.show(1);
});

test('of too many photos those that fit are added, and the others are said to have no room', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  await juror.openSheet('AGI-004');
  const photos = new Photos(juror.page);
  const fourteen = Array.from({ length: 14 }, (_, place) => snapshot(juror.page, 20 * place, 300, 200));
  await photos.choose(...(await Promise.all(fourteen)));
  await photos.show(12);
  await expect(photos.said).toContainText('2 ảnh không thêm được');
  await expect(photos.section.getByTestId('photo-file')).toBeDisabled();
  await photos.remove(11);
  await photos.show(11);
  await expect(photos.section.getByTestId('photo-file')).toBeEnabled();
});

test("what one tablet photographed is seen on the juror's other one, and said to be elsewhere without a network", async ({ tablet, wire }) => {
  const network = await wire();
  const [first, second] = [await tablet('giamkhao03'), await tablet('giamkhao03', network)];
  const sheet = await first.openSheet('AGI-004');
  await new Photos(first.page).choose(await snapshot(first.page, 20));
  await new Photos(first.page).show(1);
  await sheet.isReceived();
  await second.goto('/sync');
  await second.page.getByTestId('sync-now').click();
  await second.openSheet('AGI-004');
  await new Photos(second.page).show(1);
  network.cut();
  await second.reload();
  await expect(new Photos(second.page).section.getByTestId('photo-elsewhere')).toContainText('Ảnh ở máy khác');
});

test('the rescue file of a tablet that has failed brings its photos (S11)', async ({ tablet, wire }) => {
  const network = await wire();
  const failing = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await failing.openSheet('AGI-004');
  const photos = new Photos(failing.page);
  await photos.choose(await snapshot(failing.page, 20));
  await photos.show(1);
  await sheet.isSaved();
  await failing.goto('/sync');
  const file = await savedFile(failing.page);
  const words = JSON.parse(fs.readFileSync(file, 'utf8'));
  expect(words).toMatchObject({ format: 'binhchon-rescue-2', photos: [{}] });

  const other = await tablet('giamkhao03');
  await other.goto('/sync');
  await expect(await takeIn(other.page, file)).toContainText('đã nhận 1 thao tác và 1 ảnh trong tệp');
  await other.openSheet('AGI-004');
  await new Photos(other.page).show(1);
});

test('a rescue file brings what it can, and says what it lacks (S10, S11, S18)', async ({ tablet, wire }, info) => {
  const network = await wire();
  const failing = await tablet('giamkhao03', network);
  network.cut();
  await failing.openSheet('AGI-004');
  const photos = new Photos(failing.page);
  await photos.choose(await snapshot(failing.page, 20), await snapshot(failing.page, 200));
  await photos.show(2);
  await failing.goto('/sync');
  const file = JSON.parse(fs.readFileSync(await savedFile(failing.page), 'utf8'));
  file.photos[0].jpeg = file.photos[1].jpeg;
  const damaged = info.outputPath('damaged.json');
  fs.writeFileSync(damaged, JSON.stringify(file));
  const other = await tablet('giamkhao03');
  await other.goto('/sync');
  await expect(await takeIn(other.page, damaged)).toContainText('đã nhận 2 thao tác và 1 ảnh trong tệp. Còn 1 ảnh máy chủ chưa nhận');

  // A photo whose bytes the tablet can't read keeps nothing else out of the file.
  await damagePhoto(failing.page);
  await failing.page.getByRole('button', { name: 'Tải tệp dự phòng' }).click();
  await expect(failing.page.getByText('thiếu ảnh mà máy không đọc được')).toBeVisible();
  const partly = JSON.parse(fs.readFileSync(await savedFile(failing.page), 'utf8'));
  expect(partly).toMatchObject({ format: 'binhchon-rescue-2', photos: [{}], ops: [{}, {}] });
});

test('what leaves the tablet says nothing of where it was taken (S5)', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const sent = juror.page.waitForRequest((request) => request.method() === 'PUT');
  await juror.openSheet('AGI-004');
  const taken = await snapshot(juror.page, 20);
  expect(taken.buffer.includes(PLACE)).toBe(true);
  await new Photos(juror.page).choose(taken);
  const bytes = (await sent).postDataBuffer()!;
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(bytes.includes(PLACE)).toBe(false);
});

test('photos of a stop come to the desk (S5)', async ({ server, profile, desk }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await server.stop();
  await tablet.open('2024-08-26', 2);
  const photos = new Photos(tablet.page);
  await photos.choose(await snapshot(tablet.page, 300));
  await photos.show(1);
  await expect(tablet.saveState).toHaveAttribute('data-state', 'saved');
  await server.start();
  await tablet.sync();
  const organiser = await desk(anyone('organiser'));
  const presence = new Presence(organiser.page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 2).section;
  await stop.scrollIntoViewIfNeeded();
  await isSeen(stop.getByTestId('visit-photos').locator('img'));
});

/** The store has lost the bytes of one photo. */
async function damagePhoto(page: import('@playwright/test').Page): Promise<void> {
  await page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((done, failed) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => failed(request.error) }));
    const name = (await indexedDB.databases()).map(({ name }) => name!).find((name) => name !== 'binhchon-device')!;
    const database = await answer(indexedDB.open(name));
    const store = database.transaction('photos', 'readwrite').objectStore('photos');
    const [first] = await answer(store.getAllKeys());
    await answer(store.put(new Uint8Array([7]), first));
    database.close();
  });
}
