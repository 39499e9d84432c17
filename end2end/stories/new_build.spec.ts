// S11: a new build of the app waits until the juror agrees, and unsent work goes with it.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clearDisk, fillDisk } from '../harness/disk';
import { site } from '../harness/product';
import { expect, test } from '../harness/story';

test('a new build waits for the juror, then starts with the unsent work of the old one', async ({ server, tablet, wire }) => {
  const newer = fs.mkdtempSync(path.join(os.tmpdir(), 'binhchon-site-'));
  try {
    fs.cpSync(site, newer, { recursive: true });
    const file = path.join(newer, 'site.json');
    const content = JSON.parse(fs.readFileSync(file, 'utf8')) as { build: string };
    fs.writeFileSync(file, JSON.stringify({ ...content, build: `${content.build.slice(0, -4)}beef` }));

    const network = await wire();
    const juror = await tablet('giamkhao03', network);
    network.cut();
    const sheet = await juror.openSheet('AGI-004');
    await sheet.mark('1.1', '6,5');
    await sheet.type('1.2', '3');
    await sheet.isSaved();

    await server.stop();
    await server.start(newer);
    const held = network.cutDuring('/api/v1/sync/push', 'half a request');
    await network.mend();
    await juror.goto('/work');
    await held;
    await network.mend();
    await juror.page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration!.update()));
    const update = juror.page.getByRole('button', { name: 'Cập nhật' });
    await expect(update).toBeVisible();
    const builds = () => juror.page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('binhchon-shell-')));
    expect(await builds()).toHaveLength(2);
    await update.click();
    await expect(async () => expect(await builds()).toEqual([expect.stringContaining('beef')])).toPass();

    await juror.openSheet('AGI-004');
    await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
    await sheet.criterion('1.2').click();
    await sheet.key('done').click();
    await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
    await expect(juror.unsent).toHaveText('0', { timeout: 30_000 });
  } finally {
    fs.rmSync(newer, { recursive: true, force: true });
  }
});

test('what could not be saved since the juror agreed keeps the page until it is (S8)', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('AGI-004');
  // The newer version has taken over: the loader says so where the juror agreed.
  const takenOver = () =>
    juror.page.evaluate(() => {
      document.body.dataset.same = 'page';
      document.documentElement.dataset.update = 'active';
      window.dispatchEvent(new Event('binhchon:update'));
    });
  await fillDisk(juror.page);
  await sheet.type('1.2', '3');
  await expect(sheet.saveState).toHaveAttribute('data-state', 'failed');
  await takenOver();
  await clearDisk(juror.page);
  await expect(sheet.saveState).toHaveAttribute('data-state', 'saved');
  await expect(juror.page.locator('body')).toHaveAttribute('data-same', 'page');
  await takenOver();
  await expect(juror.page.locator('body')).not.toHaveAttribute('data-same');
  await expect(sheet.criterion('1.2')).toHaveAttribute('data-points', '300');
});
