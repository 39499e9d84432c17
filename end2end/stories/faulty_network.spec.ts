// A network that goes in the middle of one request after the other, at random: everything arrives, in order, once (I2, I3).

import { Api, envelope } from '../harness/api';
import { account } from '../harness/sample';
import { expect, test } from '../harness/story';
import type { Moment } from '../harness/wire';

const FAULTS = Number(process.env.BINHCHON_NETWORK_FAULTS ?? 5);
const MOMENTS: Moment[] = ['half a request', 'request sent', 'answer lost'];
const PATHS = ['/api/v1/sync/push', '/api/v1/sync/push', '/api/v1/sync/pull'];
const CODES = ['1.1', '1.2', '1.3'];

test(`a network that breaks ${FAULTS} times in the middle of a request: every mark arrives once`, async ({ server, tablet, wire }) => {
  test.setTimeout(60_000 + FAULTS * 10_000);
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  const any = <T>(all: T[]): T => all[Math.floor(Math.random() * all.length)]!;
  const marks: Record<string, string> = {};
  const happened: string[] = [];
  for (let fault = 0; fault < FAULTS; fault += 1) {
    network.cut();
    const sheet = await juror.openSheet('AGI-004');
    const code = CODES[fault % CODES.length]!;
    marks[code] = marks[code] === '3' ? '2,5' : '3';
    await sheet.mark(code, marks[code]);
    await juror.goto('/sync');
    const [path, moment] = [any(PATHS), any(MOMENTS)];
    const interrupted = network.cutDuring(path, moment);
    await network.mend();
    await juror.page.getByTestId('sync-now').click();
    await interrupted;
    happened.push(`${path} ${moment}`);
  }
  await network.mend();
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.unsent.first()).toHaveText('0', { timeout: 30_000 });

  const ops = await (await Api.signIn(server.url, account('giamkhao03'))).pullAll();
  const { replica } = envelope(ops.at(-1)!);
  const seqs = ops.map(envelope).filter((one) => one.replica === replica).map(({ seq }) => seq).sort((a, b) => a - b);
  expect(seqs, happened.join('\n')).toEqual(Array.from({ length: FAULTS }, (_, place) => place + 1));
  expect(new Set(ops.map((op) => op.hash)).size).toBe(ops.length);
  const sheet = await juror.openSheet('AGI-004');
  await sheet.showsMarks(marks);
  await sheet.isReceived();
});
