// (d) Two jurors on one product: the mean is theirs together, and neither ever receives anything of the other.

import { Api } from '../harness/api';
import { deviceContents } from '../harness/device';
import { account, anyone, fullSheet, total } from '../harness/sample';
import { expect, test } from '../harness/story';

const FIRST = { name: 'giamkhao01', marks: fullSheet((place) => place % 2), note: 'Lưỡi dao tách hạt còn sắc, ký hiệu TH-7731', remark: 'Nhận xét riêng số một: máy gọn, ồn ít (4f1c)' };
const SECOND = { name: 'giamkhao02', marks: fullSheet((place) => (place + 1) % 3), note: 'Chưa có rào che dây đai, ký hiệu QX-9054', remark: 'Nhận xét riêng số hai: cần tem an toàn (b82e)' };

test('the mean of two jurors is right, and neither device holds anything of the other', async ({ server, tablet, desk, wire }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const [wires, ids] = [[await wire(), await wire()], [] as string[]];
  for (const { name } of [FIRST, SECOND]) ids.push((await Api.signIn(server.url, account(name))).user);

  const devices = [await tablet(FIRST.name, wires[0]), await tablet(SECOND.name, wires[1])];
  for (const [place, { marks, note, remark }] of [FIRST, SECOND].entries()) {
    const sheet = await devices[place]!.openSheet('AGI-005');
    await sheet.typeAll(marks);
    await sheet.writeNote('1.1', note);
    await sheet.writeRemark(remark);
    await sheet.confirm();
    await sheet.isReceived();
  }
  await organiser.showsMean('AGI-005', [total(FIRST.marks), total(SECOND.marks)]);

  // Each juror pulls once more, after the other's work has arrived.
  for (const device of devices) {
    await device.goto('/sync');
    const pulled = device.page.waitForResponse((answer) => answer.url().includes('/api/v1/sync/'));
    await device.page.getByTestId('sync-now').click();
    await pulled;
    await device.reload();
    await expect(device.unsent.first()).toHaveText('0');
    await device.goto('/work');
    await expect(device.workItem('AGI-005')).toHaveAttribute('data-state', 'confirmed');
  }

  for (const [place, own] of [FIRST, SECOND].entries()) {
    const other = place === 0 ? SECOND : FIRST;
    const heard = wires[place]!.received.join('\n');
    const kept = await deviceContents(devices[place]!.page);
    // The search itself works: one's own words are found.
    expect(kept).toContain(own.remark);
    expect(kept).toContain(ids[place]!);
    expect(heard).toContain(ids[place]!);
    for (const text of [heard, kept]) {
      expect(text).not.toContain(other.note);
      expect(text).not.toContain(other.remark);
      expect(text).not.toContain(ids[1 - place]!);
    }
    expect(heard).not.toContain('"mean"');
  }
});

test('a begun sheet shows as progress within a second, and nobody sees its marks', async ({ server, tablet, desk }) => {
  const organiser = await desk(anyone('organiser'));
  await organiser.openTotals();
  const juror = await tablet('giamkhao02');
  const sheet = await juror.openSheet('AGI-006');
  await expect(organiser.row('AGI-006')).not.toContainText('đang chấm');
  await sheet.mark('2.1', '4,5');
  await sheet.isReceived();
  await expect(organiser.row('AGI-006')).toContainText('1 đang chấm', { timeout: 1_000 });
  await expect(organiser.mean('AGI-006')).toHaveAttribute('data-den', '0');
  await expect(organiser.row('AGI-006')).not.toContainText('4,5');

  const row = await (await Api.signIn(server.url, anyone('organiser'))).row('visit', 'AGI-006');
  expect(row.mean).toBeNull();
  expect(row.confirmed).toBe(0);
  expect(JSON.stringify(row)).not.toContain('450');
});
