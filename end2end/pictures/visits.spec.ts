// Pictures of the secretary's tablet.

import { anyone } from '../harness/sample';
import { VisitTablet } from '../screens/visits';
import { expect, shoot, test } from './camera';

test('the stops and the record of one', async ({ profile, server }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  const { page } = tablet;
  await shoot(page, 'visits', { whole: true });
  await tablet.stop('2024-08-26', 1).first().click();
  await expect(page.getByTestId('visit-arrived')).toBeVisible();
  await shoot(page, 'visit-blank', { whole: true });
  await server.stop();
  await tablet.arrived.fill('08:05');
  const jurors = page.locator('[data-testid^=presence-juror-]');
  const names = await jurors.evaluateAll((all) => all.map((one) => one.getAttribute('data-testid')!.replace('presence-juror-', '')));
  await tablet.set(names[0]!, 'present');
  await tablet.set(names[1]!, 'late', 'Xe hỏng trên đường từ Long Xuyên');
  await tablet.set(names[2]!, 'absent', 'Ốm, về khách sạn nghỉ theo lời bác sĩ');
  await tablet.fact('stop').fill('Xưởng sạch, quy trình khép kín; đang lắp thêm một lò nấu, dự kiến chạy từ tháng 9.');
  await tablet.arrived.focus();
  await expect(tablet.saveState).toHaveAttribute('data-state', 'saved');
  await shoot(page, 'visit-recorded', { whole: true });
  await page.setViewportSize({ width: 360, height: 740 });
  await jurors.nth(3).getByTestId('presence-set-absent').click();
  await shoot(page, 'visit-reason');
  await page.keyboard.press('Escape');
  await page.goto('/visits/00000000-0000-0000-0000-000000000000');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await shoot(page, 'visit-unknown');
  await server.start();
  await tablet.sync();
  await page.goto('/work');
  await expect(tablet.stop('2024-08-26', 1).first()).toContainText('vắng 1');
  await shoot(page, 'visits-received', { whole: true });
});
