// Pictures of photos: on a sheet, large, not saved, and at a stop.

import { snapshot } from '../harness/camera';
import { clearDisk, fillDisk } from '../harness/disk';
import { account, anyone, fullSheet } from '../harness/sample';
import { Photos, isSeen } from '../screens/photos';
import { Presence } from '../screens/presence';
import { signIn } from '../screens/sign_in';
import { VisitTablet } from '../screens/visits';
import { expect, shoot, test } from './camera';

test('photos on a sheet', async ({ tablet, server }) => {
  const juror = await tablet('giamkhao01');
  await server.stop();
  const sheet = await juror.openSheet('AGI-010');
  const photos = new Photos(juror.page);
  await photos.section.scrollIntoViewIfNeeded();
  await shoot(juror.page, 'photos-none', { whole: true });
  await photos.choose(await snapshot(juror.page, 20), await snapshot(juror.page, 120, 1000, 3000), await snapshot(juror.page, 200));
  await photos.show(3);
  const last = await snapshot(juror.page, 300);
  await fillDisk(juror.page);
  await photos.choose(last);
  await expect(photos.unsaved).toHaveCount(1);
  await shoot(juror.page, 'photos-unsaved', { whole: true });
  await clearDisk(juror.page);
  await photos.show(4);
  await photos.tiles.first().click();
  await shoot(juror.page, 'photo-large');
  await juror.page.keyboard.press('Escape');
  await juror.page.setViewportSize({ width: 1024, height: 768 });
  await sheet.typeAll(fullSheet((place) => place % 2));
  await sheet.confirmButton.click();
  await isSeen(juror.page.getByTestId('review-photos').locator('img').first());
  await shoot(juror.page, 'photos-review', { whole: true });
  await juror.page.keyboard.press('Escape');
  await photos.remove(3);
  await photos.show(3);
  await photos.section.scrollIntoViewIfNeeded();
  await shoot(juror.page, 'photos-removed', { whole: true });
  await sheet.confirm();
  await photos.show(3);
  await shoot(juror.page, 'photos-locked', { whole: true });
});

test('photos of a stop', async ({ profile, server, desk }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await server.stop();
  await tablet.stop('2024-08-26', 2).first().click();
  const photos = new Photos(tablet.page);
  await photos.choose(await snapshot(tablet.page, 300), await snapshot(tablet.page, 80));
  await photos.show(2);
  await shoot(tablet.page, 'photos-visit', { whole: true });
  await server.start();
  await tablet.sync();
  const organiser = await desk(anyone('organiser'));
  const presence = new Presence(organiser.page);
  await presence.open();
  await organiser.page.getByTestId('visit-photos').scrollIntoViewIfNeeded();
  await shoot(organiser.page, 'photos-desk');
});

test('photos that the server lacks', async ({ profile, desk, tablet }) => {
  const juror = await tablet('giamkhao01');
  await juror.page.context().route('**/api/v1/photos/*', (route) => (route.request().method() === 'PUT' ? route.fulfill({ status: 400, headers: { 'x-binhchon': '1' }, json: { code: 'not_a_photo', message: '' } }) : route.continue()));
  const sheet = await juror.openSheet('AGI-010');
  const photos = new Photos(juror.page);
  await photos.choose(await snapshot(juror.page, 20));
  await expect(juror.page.getByTestId('photo-refused')).toBeVisible();
  await shoot(juror.page, 'photos-refused', { whole: true });
  await fillDisk(juror.page);
  await photos.choose(await snapshot(juror.page, 200));
  await expect(photos.unsaved).toHaveCount(1);
  await sheet.type('1.2', '3');
  await juror.page.evaluate(() => window.dispatchEvent(new Event('binhchon:update')));
  await expect(juror.page.locator('#finish-why')).toContainText('chưa lưu được');
  await shoot(juror.page, 'update-unsaved', { whole: true });
  await juror.signOutWarning();
  await shoot(juror.page, 'sign-out-unsaved');
  await juror.page.getByTestId('sign-out-anyway').click();
  await clearDisk(juror.page);
  await signIn(juror.page, account('giamkhao02'));
  await juror.isReady();
  await expect(juror.page.getByText('Người dùng trước còn ảnh chưa lưu')).toBeVisible();
  await shoot(juror.page, 'update-others');

  const secretary = await VisitTablet.enrol(await profile(), anyone('secretary'));
  await secretary.page.context().route('**/api/v1/photos/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await secretary.stop('2024-08-26', 2).first().click();
  await new Photos(secretary.page).choose(await snapshot(secretary.page, 300));
  await new Photos(secretary.page).show(1);
  const organiser = await desk(anyone('organiser'));
  const presence = new Presence(organiser.page);
  await presence.open();
  await expect(organiser.page.getByTestId('visit-photos')).toContainText('Ảnh chưa gửi tới');
  await organiser.page.getByTestId('visit-photos').scrollIntoViewIfNeeded();
  await shoot(organiser.page, 'photos-desk-waiting');
});
