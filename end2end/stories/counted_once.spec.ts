// (f) The network or the server goes in the middle of a push; the tablet tries again; everything counts exactly once (I2, I3).

import { Api, envelope } from '../harness/api';
import { account, anyone, fullSheet, total } from '../harness/sample';
import type { Server } from '../harness/server';
import { expect, test } from '../harness/story';
import type { Moment } from '../harness/wire';

const MARKS = fullSheet((place) => (place % 4) + 1);
const CRASHES: { moment: Moment; server: 'killed' | 'alive' }[] = [
  { moment: 'half a request', server: 'killed' },
  { moment: 'request sent', server: 'killed' },
  { moment: 'answer lost', server: 'killed' },
  { moment: 'answer lost', server: 'alive' },
];

for (const { moment, server: fate } of CRASHES) {
  test(`push interrupted, ${moment}, server ${fate}: counted once`, async ({ server, tablet, desk, wire }) => {
    const network = await wire();
    const juror = await tablet('giamkhao04', network);
    const organiser = await desk(anyone('organiser'));
    await organiser.openTotals();

    network.cut();
    const sheet = await juror.openSheet('AGI-005');
    await sheet.typeAll(MARKS);
    await sheet.writeRemark('Máy chạy êm, dễ tháo lắp để vệ sinh.');
    await sheet.confirm();
    await expect(juror.unsent).toHaveText('1');

    const interrupted = network.cutDuring('/api/v1/sync/push', moment);
    await network.mend();
    await juror.goto('/sync');
    await juror.page.getByTestId('sync-now').click();
    await interrupted;
    if (fate === 'killed') await server.kill();
    await expect(juror.unsent.first()).toHaveText('1');
    if (fate === 'killed') await server.start();
    await network.mend();

    await juror.page.getByTestId('sync-now').click();
    await expect(juror.unsent.first()).toHaveText('0');
    await organiser.showsMean('AGI-005', [total(MARKS)], 20_000);
    await isCountedOnce(server);
  });
}

/** The server's log holds each operation of the sheet once, as one unbroken chain. */
async function isCountedOnce(server: Server): Promise<void> {
  const row = await (await Api.signIn(server.url, anyone('organiser'))).row('visit', 'AGI-005');
  expect(row.mean).toEqual({ num: total(MARKS), den: 1 });
  expect(row.confirmed).toBe(1);

  const ops = await (await Api.signIn(server.url, account('giamkhao04'))).pullAll();
  const visit = ops.filter((op) => envelope(op).round === 'visit');
  expect(visit.map((op) => envelope(op).kind).sort()).toEqual(['confirm', ...Object.keys(MARKS).map(() => 'set_mark'), 'set_remark']);
  expect(visit.every((op) => op.status === 'accepted')).toBe(true);
  expect(new Set(ops.map((op) => op.position)).size).toBe(ops.length);
  expect(new Set(ops.map((op) => op.hash)).size).toBe(ops.length);
  const seqs = visit.map((op) => envelope(op).seq).sort((a, b) => a - b);
  expect(seqs).toEqual(seqs.map((_seq, place) => place + 1));
  expect(new Set(visit.map((op) => envelope(op).replica)).size).toBe(1);
}
