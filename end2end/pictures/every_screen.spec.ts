// Not tests: pictures of every screen, for people to look at. `npm run shots` writes them to shots/<width>/<theme>/.

import { type Page, expect } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { prepareVisitMode } from '../harness/edition';
import { anyone, fullSheet } from '../harness/sample';
import { test } from '../harness/story';
import { Plan } from '../screens/plan';
import { Presence } from '../screens/presence';
import { MarksTable } from '../screens/marks';
import { StopGrid } from '../screens/stop_grid';
import { signIn } from '../screens/sign_in';

const FOLDER = path.join(__dirname, '../shots');
const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
];
const THEMES = ['light', 'dark', 'sunlight'];

/** The screen as it stands, in every width and theme; `whole` makes the window as high as what it shows. */
async function shoot(page: Page, name: string, { whole = false } = {}): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const height = whole ? await page.evaluate(() => document.documentElement.scrollHeight) : size.height;
    await page.setViewportSize({ ...size, height: Math.max(height, size.height) });
    for (const theme of THEMES) {
      await page.evaluate((value) => (document.documentElement.dataset.theme = value), theme);
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      const file = path.join(FOLDER, String(size.width), theme, `${name}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
    }
  }
}

/** The tablet as it is once installed: its browser has promised to keep the data. */
async function keepsData(page: Page): Promise<void> {
  await page.context().addInitScript(() => (StorageManager.prototype.persist = () => Promise.resolve(true)));
  await page.reload();
  await expect(page.getByTestId('work-item-AGI-001')).toBeVisible();
}

test('sign-in', async ({ profile, server }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await expect(page.getByTestId('sign-in-submit')).toBeVisible();
  await shoot(page, 'sign-in');
  await signIn(page, { name: 'giamkhao01', password: 'saimatkhau00' });
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'sign-in-wrong');
  await server.stop();
  await signIn(page, { name: 'giamkhao01', password: 'saimatkhau00' });
  await expect(page.getByTestId('error-message')).toContainText('mạng');
  await shoot(page, 'sign-in-offline');
});

test('the tablet with a network', async ({ tablet }) => {
  const juror = await tablet('giamkhao01');
  const { page } = juror;
  await shoot(page, 'work-storage-warning');
  await keepsData(page);
  await expect(page.getByText('Máy có thể tự xóa dữ liệu')).toHaveCount(0);
  await shoot(page, 'work', { whole: true });
  await page.getByTestId('work-search').fill('không có sản phẩm này');
  await expect(page.getByTestId('work-item-AGI-001')).toHaveCount(0);
  await shoot(page, 'work-nothing-found');
  await page.reload();
  await page.getByRole('button', { name: 'Mở trình đơn' }).click();
  await shoot(page, 'menu');

  await juror.goto('/products/AGI-003');
  await expect(page.getByTestId('open-sheet')).toBeVisible();
  await shoot(page, 'product', { whole: true });

  const sheet = await juror.openSheet('DTH-001');
  await expect(sheet.total).toHaveAttribute('data-points', '0');
  await shoot(page, 'sheet-empty');
  await juror.openSheet('AGI-003');
  await sheet.criterion('2.4').click();
  await shoot(page, 'sheet-marking');
  await sheet.criterion('2.5').click();
  await sheet.key('9').click();
  await expect(sheet.error).toBeVisible();
  await shoot(page, 'sheet-impossible-draft');
  await juror.openSheet('AGI-001');
  await sheet.isLocked();
  await shoot(page, 'sheet-locked', { whole: true });
  await juror.openSheet('DTH-002');
  await sheet.typeAll(fullSheet((place) => place % 3));
  await shoot(page, 'sheet-full');
  await sheet.confirmButton.click();
  await shoot(page, 'review');

  await juror.goto('/sync');
  await expect(page.getByTestId('sync-now')).toBeVisible();
  await shoot(page, 'sync', { whole: true });
  await juror.goto('/no-such-page');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'not-found');
});

test('own marks and the grid at a stop', async ({ tablet }) => {
  const juror = await tablet('giamkhao01');
  const { page } = juror;
  await keepsData(page);
  await juror.goto('/marks');
  const marks = new MarksTable(page);
  await expect(marks.row('AGI-001')).toBeVisible();
  await shoot(page, 'marks', { whole: true });
  await marks.sortBy('total');
  await marks.round('Hồ sơ');
  await shoot(page, 'marks-dossier-by-total');

  const grid = await StopGrid.open(page, '2024-08-26', 1);
  await expect(grid.cell('AGI-003', '1.1')).toBeVisible();
  await shoot(page, 'grid');
  await grid.type('AGI-004', '1.1', '9');
  await grid.cell('AGI-004', '1.2').click();
  await shoot(page, 'grid-marking');
  await StopGrid.open(page, '2024-08-26', 9);
  await expect(grid.error).toBeVisible();
  await shoot(page, 'grid-unknown-stop');
});

test('the tablet without a network', async ({ tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  await keepsData(juror.page);
  network.cut();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await sheet.writeNote('1.2', 'Có giấy chứng nhận xuất khẩu');
  await shoot(juror.page, 'sheet-offline');
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.getByText('Không có mạng').first()).toBeVisible();
  await shoot(juror.page, 'sync-offline', { whole: true });
  await juror.goto('/work');
  await expect(juror.workItem('AGI-004')).toHaveAttribute('data-state', 'draft');
  await shoot(juror.page, 'work-offline', { whole: true });
  await juror.signOutWarning();
  await shoot(juror.page, 'sign-out-warning');

  await network.mend();
  network.becomePortal();
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.page.getByText('Wi-Fi chưa đăng nhập').first()).toBeVisible();
  await shoot(juror.page, 'sync-captive-portal', { whole: true });
});

test('several sheets at once', async ({ tablet }) => {
  const juror = await tablet('giamkhao03');
  await keepsData(juror.page);
  for (const code of ['AGI-003', 'AGI-004']) {
    const sheet = await juror.openSheet(code);
    await sheet.typeAll(fullSheet((place) => place % 3));
    await sheet.isReceived();
  }
  await juror.goto('/work');
  await expect(juror.confirmStop).toBeVisible();
  await shoot(juror.page, 'work-confirm-stop');
  await juror.confirmStop.click();
  await shoot(juror.page, 'confirm-several');
  await juror.page.getByTestId('confirm-several-yes').click();
  await expect(juror.page.getByRole('dialog')).toBeHidden();
  await (await juror.openSheet('BTR-001')).mark('1.1', '6');
  await expect(juror.unsent.first()).toHaveText('0');
  await juror.goto('/sync');
  await juror.page.getByTestId('received-visit').locator('summary').click();
  await juror.page.getByTestId('newest-receipt').locator('summary').click();
  await shoot(juror.page, 'sync-received', { whole: true });
});

for (const [name, mode] of [
  ['adjust', 'mode = "adjust"\nfrom = "dossier"\nadjustable = ["2.4", "3"]'],
  ['remarks', 'mode = "remarks"'],
] as const) {
  const inMode = test.extend({
    prepared: async ({}, use) => {
      const folder = prepareVisitMode(mode);
      await use(folder);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  });
  inMode(`a round of mode ${name}`, async ({ tablet }) => {
    const juror = await tablet('giamkhao03');
    await keepsData(juror.page);
    await shoot(juror.page, `${name}-work`);
    await juror.goto('/products/AGI-004');
    await expect(juror.page.getByTestId('open-sheet')).toBeVisible();
    await shoot(juror.page, `${name}-product`);
    const sheet = await juror.openSheet('AGI-004');
    if (name === 'adjust') {
      await sheet.mark('2.4', '2,5');
      await shoot(juror.page, `${name}-marking`);
      await juror.page.keyboard.press('Escape');
    } else {
      await sheet.writeRemark('Xưởng sạch, quy trình rõ.');
    }
    await shoot(juror.page, `${name}-sheet`, { whole: true });
    await sheet.confirmButton.click();
    await shoot(juror.page, `${name}-review`);
    await juror.page.getByTestId('sheet-confirm-yes').click();
    await sheet.isLocked();
    await shoot(juror.page, `${name}-locked`, { whole: true });
  });
}

test('the desk', async ({ desk, server }) => {
  const organiser = await desk(anyone('organiser'));
  for (const round of ['dossier', 'visit', 'direct']) {
    await organiser.openTotals(round);
    await shoot(organiser.page, `totals-${round}`, { whole: true });
  }
  await organiser.openTotals('visit');
  await organiser.search.fill('không có sản phẩm này');
  await expect(organiser.row('AGI-001')).toHaveCount(0);
  await shoot(organiser.page, 'totals-nothing-found');
  await organiser.search.fill('');
  await server.stop();
  await expect(organiser.banner).toContainText('Mất kết nối');
  await shoot(organiser.page, 'totals-connection-lost');
});

test('the plan', async ({ desk }) => {
  const plan = new Plan((await desk(anyone('organiser'))).page);
  await plan.open();
  await plan.fill(6, { starts: '2024-08-27', ends: '2024-08-29', reason: 'Mưa bão, lùi một ngày theo đề nghị của Sở Công Thương' });
  await plan.saveButton.click();
  await expect(plan.saveButton).toBeHidden();
  await plan.row(6).locator('summary').click();
  await shoot(plan.page, 'plan', { whole: true });
  await plan.fill(7, { ends: '2024-08-01' });
  await plan.saveButton.click();
  await expect(plan.error).toBeVisible();
  await shoot(plan.page, 'plan-change');
});

test('the results', async ({ desk }) => {
  const { page } = await desk(anyone('organiser'));
  await page.goto('/desk/results');
  await expect(page.getByTestId('results-table')).toBeVisible();
  await shoot(page, 'results', { whole: true });
});

test('the presence', async ({ desk }) => {
  const { page } = await desk(anyone('secretary'));
  const presence = new Presence(page);
  await presence.open();
  const stop = presence.stop('2024-08-26', 1);
  await stop.set('Giám khảo 02', 'late', 'Xe hỏng trên đường từ Long Xuyên');
  await expect(stop.juror('Giám khảo 02')).toHaveAttribute('data-presence', 'late');
  await stop.set('Giám khảo 03', 'present');
  await expect(stop.juror('Giám khảo 03')).toContainText('ghi lúc');
  await shoot(page, 'presence', { whole: true });
  await stop.set('Giám khảo 04', 'absent', ' ');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'presence-reason');
});

test('the desk, refused', async ({ profile }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await signIn(page, anyone('administrator'));
  await expect(page.getByTestId('sign-in-name')).toBeHidden();
  await page.goto('/desk/rounds/visit/totals');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'totals-refused');
});
