// S17, S27: an old backup is put back. What it lost comes again from the tablets that have it, however much was written since.

import { snapshot } from '../harness/camera';
import { Api, envelope } from '../harness/api';
import { account, fullSheet } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Photos, sentPhotos } from '../screens/photos';
import type { Tablet } from '../screens/tablet';

const MARKS = fullSheet((place) => place % 2);

async function syncNow(tablet: Tablet): Promise<void> {
  await tablet.goto('/sync');
  await tablet.page.getByTestId('sync-now').click();
  await expect(tablet.unsent.first()).toHaveText('0');
}

test('a tablet sends again what a backup has lost, its photos too', async ({ server, tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.isReceived();
  const putBack = await server.backUp();
  await sheet.mark('1.2', '3');
  await new Photos(juror.page).choose(await snapshot(juror.page, 20));
  await new Photos(juror.page).show(1);
  await sheet.isReceived();
  await syncNow(juror);
  const [photo] = await sentPhotos(juror.page);
  const asked = async () => (await (await Api.signIn(server.url, account('giamkhao03'))).request('GET', `/api/v1/photos/${photo}`)).status;
  expect(await asked()).toBe(200);

  network.cut();
  await putBack();
  expect(await asked()).toBe(404);
  const other = await (await tablet('giamkhao02')).openSheet('AGI-004');
  await other.typeAll(MARKS);
  await other.isReceived();
  await network.mend();
  await syncNow(juror);
  // Until it has heard of the restore the tablet can't know that anything waits.
  await expect.poll(asked).toBe(200);
  await expect(juror.unsent.first()).toHaveText('0');
  const ops = await (await Api.signIn(server.url, account('giamkhao03'))).pullAll();
  expect(ops.map(envelope).slice(-3)).toMatchObject([
    { kind: 'set_mark', body: { criterion: '1.1' } },
    { kind: 'set_mark', body: { criterion: '1.2' } },
    { kind: 'attach', body: { sha256: photo } },
  ]);
});

test("what a lost tablet wrote and a backup has lost comes again from its juror's other tablet", async ({ server, tablet, wire }) => {
  const network = await wire();
  const [lost, left] = [await tablet('giamkhao03'), await tablet('giamkhao03', network)];
  const putBack = await server.backUp();
  const sheet = await lost.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.mark('1.2', '3');
  await sheet.isReceived();
  await syncNow(left);
  const corrected = await left.openSheet('AGI-004');
  await corrected.showsMarks({ '1.1': '6,5', '1.2': '3' });
  await corrected.mark('1.1', '5');
  await corrected.isReceived();
  await lost.page.context().close();

  network.cut();
  await putBack();
  const other = await (await tablet('giamkhao02')).openSheet('AGI-004');
  await other.typeAll(MARKS);
  await other.isReceived();
  await network.mend();
  await syncNow(left);
  const api = await Api.signIn(server.url, account('giamkhao03'));
  const last = async () => envelope((await api.pullAll()).at(-1)!);
  await expect.poll(last).toMatchObject({ kind: 'set_mark', body: { criterion: '1.2', points: 300 }, reissue_of: expect.any(String) });
  await (await left.openSheet('AGI-004')).showsMarks({ '1.1': '5', '1.2': '3' });
  const again = await tablet('giamkhao03');
  await syncNow(again);
  await (await again.openSheet('AGI-004')).showsMarks({ '1.1': '5', '1.2': '3' });
});
