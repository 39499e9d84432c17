// Pictures of the organisers' desk.

import { account, anyone } from '../harness/sample';
import { Plan } from '../screens/plan';
import { Presence } from '../screens/presence';
import { RoundLife } from '../screens/round_life';
import { expect, shoot, test } from './camera';

test('totals', async ({ desk, server }) => {
  const organiser = await desk(anyone('organiser'));
  const { page } = organiser;
  for (const round of ['dossier', 'visit', 'direct']) {
    await organiser.openTotals(round);
    await shoot(page, `totals-${round}`, { whole: true });
  }
  await organiser.openTotals('visit');
  await organiser.search.fill('không có sản phẩm này');
  await expect(organiser.row('AGI-001')).toHaveCount(0);
  await shoot(page, 'totals-nothing-found');
  await organiser.search.fill('');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: /trình đơn/ }).click();
  await shoot(page, 'desk-menu');
  await page.keyboard.press('Escape');
  await server.stop();
  await expect(organiser.banner).toContainText('Mất kết nối');
  await shoot(page, 'totals-connection-lost');
  await page.getByRole('link', { name: 'Kết quả các vòng' }).first().click();
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'desk-no-network');
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
  await stop.set('Giám khảo 01', 'present');
  await expect(stop.juror('Giám khảo 01')).toContainText('ghi lúc');
  await shoot(page, 'presence', { whole: true });
  await page.setViewportSize({ width: 800, height: 1200 });
  await stop.set('Giám khảo 04', 'absent', ' ');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await shoot(page, 'presence-reason');
});

test('a round that closes, late work and lost tablets', async ({ desk, tablet, wire }) => {
  const network = await wire();
  const juror = await tablet('giamkhao01', network);
  network.cut();
  for (const code of ['AGI-010', 'DTH-001']) {
    const sheet = await juror.openSheet(code);
    await sheet.mark('1.1', '6,5');
  }
  const { page } = await desk(anyone('organiser'));
  const life = new RoundLife(page);
  await life.open();
  await page.getByTestId('round-close').click();
  await shoot(page, 'round-close');
  await life.answer('Hết ba ngày đi thực tế, thư ký hai đoàn đã xác nhận');
  await expect(life.history).toHaveCount(2);
  await network.mend();
  await juror.goto('/sync');
  await juror.page.getByTestId('sync-now').click();
  await expect(juror.unsent.first()).toHaveText('0');
  await page.getByTestId('reload').click();
  await expect(life.held).toHaveCount(2);
  await life.rule('deny', life.held.filter({ hasText: 'DTH-001' }), 'Đã chấm lại trên máy khác trước giờ đóng');
  await expect(life.ruled).toHaveCount(1);
  await shoot(page, 'round-life', { whole: true });
  await life.held.getByTestId('admit').click();
  await shoot(page, 'round-life-admit');
  await page.goto('/desk/rounds/direct/life');
  await expect(page.getByTestId('round-open')).toBeVisible();
  await shoot(page, 'round-life-planned', { whole: true });
  await page.goto('/desk/tablets');
  await page.getByTestId('revoke').first().click();
  await page.getByRole('dialog').getByRole('textbox').fill('Để quên trên xe ở Tịnh Biên');
  await page.getByRole('dialog').locator('.button.primary').click();
  await expect(page.getByTestId('tablets')).toContainText('Đã thu quyền gửi');
  await shoot(page, 'tablets', { whole: true });
});

test('who may not see the totals', async ({ desk }) => {
  for (const [who, name] of [
    [account('giamkhao10'), 'desk-open-assignment'],
    [account('giamkhao01'), 'desk-juror'],
  ] as const) {
    const { page } = await desk(who);
    await page.goto('/desk/rounds/visit/totals');
    await expect(page.getByTestId('error-message')).toBeVisible();
    await shoot(page, name);
  }
});
