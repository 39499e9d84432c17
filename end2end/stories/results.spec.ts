// Results over all rounds: by the Council's way, each naming the round it rests on, with every round's own figure beside it.

import { anyone, fullSheet, sampleSheets, total } from '../harness/sample';
import { expect, test } from '../harness/story';
import type { Desk } from '../screens/desk';

const confirmed = (round: string, code: string) => sampleSheets(round, code).filter((sheet) => sheet.confirmed).map((sheet) => total(sheet.marks));
const row = (desk: Desk, code: string) => desk.page.getByTestId(`results-row-${code}`);

async function open(desk: Desk): Promise<void> {
  await desk.page.goto('/desk/results');
  await expect(desk.page.getByTestId('results-table')).toBeVisible();
}

async function shows(desk: Desk, code: string, totals: number[], basis: string): Promise<void> {
  const mean = row(desk, code).getByTestId('results-mean');
  await expect(mean).toHaveAttribute('data-num', String(totals.reduce((sum, one) => sum + one, 0)));
  await expect(mean).toHaveAttribute('data-den', String(totals.length));
  await expect(mean.getByTestId('results-basis')).toContainText(basis);
}

test('the latest round in which a product was scored counts, and the others stay to be seen', async ({ desk, tablet }) => {
  const organiser = await desk(anyone('organiser'));
  await open(organiser);
  await expect(organiser.page.getByText('Lấy điểm của vòng gần nhất có chấm sản phẩm.')).toBeVisible();
  await expect(organiser.page.getByText('do Hội đồng bình chọn quyết định')).toBeVisible();
  await expect(organiser.page.getByTestId('results-banner')).toContainText('TẠM TÍNH');
  await shows(organiser, 'AGI-001', confirmed('visit', 'AGI-001'), 'theo vòng Thực tế');
  await shows(organiser, 'DTH-001', confirmed('dossier', 'DTH-001'), 'theo vòng Hồ sơ');
  await expect(row(organiser, 'DTH-001').getByTestId('results-round-visit')).toContainText('Chưa chấm');
  await expect(row(organiser, 'DTH-001').getByTestId('results-round-direct')).toContainText('Chưa chấm');
  await expect(organiser.page.getByTestId('results-round-visit').filter({ hasText: 'Không đi thực tế' })).not.toHaveCount(0);

  const juror = await tablet('giamkhao03');
  const sheet = await juror.openSheet('DTH-001');
  const marks = fullSheet(() => 1);
  await sheet.typeAll(marks);
  await sheet.confirm();
  await sheet.isReceived();
  await organiser.page.getByTestId('reload').click();
  await shows(organiser, 'DTH-001', [total(marks)], 'theo vòng Thực tế, còn thiếu phiếu');
});

test('a search without diacritics and a group leave what they should', async ({ desk }) => {
  const organiser = await desk(anyone('organiser'));
  await open(organiser);
  await organiser.search.fill('duong thot not');
  await expect(row(organiser, 'AGI-001')).toBeVisible();
  await expect(row(organiser, 'DTH-001')).toHaveCount(0);
  await organiser.search.fill('không có sản phẩm này');
  await organiser.page.getByRole('button', { name: 'Bỏ tìm và lọc' }).click();
  await expect(row(organiser, 'DTH-001')).toBeVisible();
  await organiser.page.getByRole('button', { name: /^Nhóm 3/ }).click();
  await expect(row(organiser, 'AGI-001')).toHaveCount(0);
});

test('the line at 70 stands between the results', async ({ desk }) => {
  const organiser = await desk(anyone('organiser'));
  await open(organiser);
  const rows = await organiser.page.getByTestId('results-table').locator('tbody tr').evaluateAll((rows) =>
    rows.map((one) => {
      const mean = one.querySelector<HTMLElement>('[data-testid=results-mean]');
      const words = one.textContent!.trim();
      return mean ? { above: 'above' in (one as HTMLElement).dataset, num: mean.dataset.num, den: Number(mean.dataset.den), words } : { words };
    }),
  );
  // Each group begins above the line; what divides it says what comes next.
  let side = '';
  const sides: string[] = [];
  for (const { above, num, den, words } of rows) {
    if (/^Nhóm \d/.test(words)) side = 'above';
    else if (words.startsWith('Dưới 70 điểm')) side = 'below';
    else if (words === 'Chưa có kết quả') side = 'none';
    else {
      const reaches = num !== '' && Number(num) >= 7_000 * den!;
      expect(above, words).toBe(reaches);
      expect(side, words).toBe(reaches ? 'above' : num === '' ? 'none' : 'below');
      sides.push(side);
    }
  }
  expect(sides.length).toBe(30);
  expect(new Set(sides), 'the sample has products on both sides').toEqual(new Set(sides).add('above').add('below'));
});

test('a tablet that is turned shows all of the page', async ({ desk }) => {
  const { page } = await desk(anyone('organiser'));
  await page.goto('/desk/results');
  await expect(page.getByTestId('results-table')).toBeVisible();
  for (const width of [768, 360]) {
    await page.setViewportSize({ width, height: 800 });
    // Rows out of sight remember how wide they were once they have been drawn.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
});

test('jurors and administrators see no results; whoever still has sheets to write is told why', async ({ desk }) => {
  for (const role of ['juror', 'administrator'] as const) {
    const { page } = await desk(anyone(role));
    await page.goto('/desk/results');
    await expect(page.getByTestId('error-message')).toContainText('chỉ mở cho ban tổ chức');
    await expect(page.getByTestId('results-table')).toHaveCount(0);
  }
  const { page } = await desk(anyone('organiser'));
  const answer = { status: 403, headers: { 'x-binhchon': '1' }, contentType: 'application/json', body: '{"code":"open_assignment","message":"open assignment"}' };
  await page.route('**/api/v1/results', (route) => route.fulfill(answer));
  await page.goto('/desk/results');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Còn phân công chấm, chưa xem được điểm tổng hợp');
  await expect(page.getByRole('link', { name: 'Đến phiếu của tôi' })).toBeVisible();
});

test('the desk leads to all its pages without loading anew', async ({ desk }) => {
  const { page } = await desk(anyone('organiser'));
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/desk');
  await expect(page).toHaveURL(/\/desk\/rounds\/visit\/totals$/);
  await page.evaluate(() => ((window as unknown as { pinned: boolean }).pinned = true));
  const nav = page.getByRole('navigation', { name: 'Bàn tổ chức' });
  for (const [name, testid] of [['Kết quả các vòng', 'results-table'], ['Kế hoạch', 'plan-row-1'], ['Có mặt tại điểm đến', 'presence-stop-2024-08-26-1'], ['Chấm trên hồ sơ', 'totals-table']]) {
    await nav.getByRole('link', { name, exact: true }).click();
    await expect(page.getByTestId(testid!)).toBeVisible();
    await expect(nav.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
  }
  expect(await page.evaluate(() => (window as unknown as { pinned?: boolean }).pinned)).toBe(true);
});
