// Bảng điểm của tôi: a juror's own marks and nobody else's, sorted as the juror likes, without a network.

import { criteria, sampleSheets, total } from '../harness/sample';
import { expect, test } from '../harness/story';
import { MarksTable } from '../screens/marks';

const STOP = ['AGI-001', 'AGI-002', 'AGI-003', 'AGI-004'];
const NONE = ['AGI-004', ''];

function own(round: string, product: string, juror = 'giamkhao01') {
  return sampleSheets(round, product).find((sheet) => sheet.juror === juror)!;
}

function sum(product: string, section: string): string {
  const marks = Object.entries(own('visit', product).marks).filter(([code]) => code === section || code.startsWith(`${section}.`));
  return (total(Object.fromEntries(marks)) / 100).toString().replace('.', ',');
}

test('the table shows exactly the juror\'s own totals and sorts by them', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao01');
  await server.stop();
  await juror.page.getByRole('link', { name: 'Bảng điểm của tôi' }).first().click();
  const marks = new MarksTable(juror.page);
  await expect(marks.table).toBeVisible();
  const totals = Object.fromEntries(STOP.slice(0, 3).map((code) => [code, String(total(own('visit', code).marks))]));
  for (const [code, points] of Object.entries(totals)) await expect(marks.row(code)).toHaveAttribute('data-points', points);

  const whole = await marks.cells('AGI-001');
  expect(whole.slice(0, 4)).toEqual(['1', '2', '3', '4'].map((section) => expect.stringContaining(`${sum('AGI-001', section)}/`)));
  expect(whole.at(-1)).toBe('Đã khóa');

  await expect(marks.row('AGI-004')).toHaveAttribute('data-points', '');
  const blank = await marks.cells('AGI-004');
  expect(blank.slice(-2)).toEqual(['chưa chấm', 'Chưa chấm']);
  expect(blank.join(' ')).not.toMatch(/\b0\b/);

  const scored = Object.keys(own('visit', 'AGI-003').marks).length;
  expect((await marks.cells('AGI-003')).at(-1)).toBe(`Đang chấm ${scored}/${criteria.length}`);

  const best = Object.entries(totals).sort(([, a], [, b]) => Number(b) - Number(a));
  await marks.sortBy('total');
  await marks.isInOrder('Nhóm 2', [...best, NONE] as [string, string][]);
  await marks.sortBy('total');
  await marks.isInOrder('Nhóm 2', [...best.reverse(), NONE] as [string, string][]);
  await marks.sortBy('code');
  await marks.isInOrder('Nhóm 2', [...Object.entries(totals), NONE] as [string, string][]);
  const market = [...Object.keys(totals)].sort((a, b) => Number(sum(b, '1').replace(',', '.')) - Number(sum(a, '1').replace(',', '.')));
  await marks.sortBy('1');
  await marks.isInOrder('Nhóm 2', [...market.map((code) => [code, totals[code]]), NONE] as [string, string][]);

  await marks.round('Hồ sơ');
  await expect(marks.row('AGI-004')).toHaveAttribute('data-points', String(total(own('dossier', 'AGI-004').marks)));
});

test('a row opens the sheet, whose next mark stands in the table', async ({ server, tablet }) => {
  const juror = await tablet('giamkhao03');
  await server.stop();
  await juror.goto('/marks');
  const marks = new MarksTable(juror.page);
  await marks.row('AGI-005').click();
  await expect(juror.page).toHaveURL(/\/rounds\/visit\/products\/AGI-005\/sheet$/);
  const sheet = await juror.openSheet('AGI-005');
  await sheet.mark('1.1', '0');
  await sheet.isSaved();
  await juror.goto('/marks');
  await expect(marks.row('AGI-005')).toHaveAttribute('data-points', '0');
  expect((await marks.cells('AGI-005'))[0]).toContain('0/40');
  expect((await marks.cells('AGI-005'))[0]).toContain('mới chấm 1/8');
  await expect(marks.row('AGI-006')).toHaveAttribute('data-points', '');
});
