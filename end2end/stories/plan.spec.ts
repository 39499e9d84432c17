// The plan's 17 rows: everybody reads them; dates are moved with who and why, and nobody overwrites what they have not seen.

import { anyone } from '../harness/sample';
import { expect, test } from '../harness/story';
import { Plan } from '../screens/plan';

const STATES = ['done', 'done', 'done', 'done', 'done', 'running', ...Array<string>(11).fill('waiting')];

test('all 17 rows stand there in the plan\'s own words, with their state', async ({ desk }) => {
  const plan = new Plan((await desk(anyone('organiser'))).page);
  await plan.open();
  const states = await plan.page.locator('[data-testid^=plan-row-]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.state));
  expect(states).toEqual(STATES);
  await expect(plan.page.getByTestId('plan-counts')).toHaveText('5 đã xong · 1 đang làm · 11 chưa bắt đầu');
  await expect(plan.row(6)).toContainText('Từ ngày 26/8/2024 ÷ 28/8/2024');
  await expect(plan.row(6)).toContainText('26–28/08/2024');
  await expect(plan.row(6)).toContainText('Hội đồng, Ban Giám khảo');
  await expect(plan.row(10)).toContainText('chậm nhất 27/09/2024');
  await expect(plan.row(17)).toContainText('Chưa định ngày');
});

test('dates are moved with a reason, and the change stays readable for everybody', async ({ desk }) => {
  const plan = new Plan((await desk(anyone('organiser'))).page);
  await plan.open();
  await plan.fill(6, { starts: '2024-08-27', ends: '2024-08-29', reason: 'Mưa bão, lùi một ngày' });
  await plan.saveButton.click();
  await expect(plan.saveButton).toBeHidden();
  await expect(plan.row(6)).toContainText('27–29/08/2024');
  await expect(plan.row(6)).toContainText('Đã dời – Cán bộ tổ chức');
  await expect(plan.row(6)).toContainText('Lý do: Mưa bão, lùi một ngày');
  await expect(plan.changeButton(6)).toBeFocused();

  await plan.fill(6, { state: 'done', reason: 'Các đoàn đã về' });
  await plan.saveButton.click();
  await expect(plan.row(6)).toHaveAttribute('data-state', 'done');
  await plan.row(6).locator('summary').click();
  await expect(plan.row(6).getByRole('listitem').filter({ hasText: 'Theo kế hoạch ban đầu: 26–28/08/2024' })).toBeVisible();

  const { page } = await desk(anyone('secretary'));
  const read = new Plan(page);
  await read.open();
  await expect(read.row(6)).toContainText('Đã dời – Cán bộ tổ chức');
  await expect(page.locator('[data-testid^=plan-change-]')).toHaveCount(0);
});

test('a change without a reason or with dates the wrong way round is refused, and keeps what was typed', async ({ desk }) => {
  const plan = new Plan((await desk(anyone('organiser'))).page);
  await plan.open();
  await plan.fill(7, { starts: '2024-09-02' });
  await plan.saveButton.click();
  await expect(plan.error).toHaveText('Ngày kết thúc phải từ ngày bắt đầu trở đi.');
  await plan.page.getByTestId('plan-ends').fill('2024-09-03');
  await plan.saveButton.click();
  await expect(plan.error).toHaveText('Nhập lý do.');
  await expect(plan.page.getByTestId('plan-starts')).toHaveValue('2024-09-02');
  await plan.reason.fill('Nghỉ lễ Quốc khánh');
  await plan.saveButton.click();
  await expect(plan.row(7)).toContainText('02–03/09/2024');
});

test('of two who change the same row at once, the second sees the first one\'s change and goes on', async ({ desk }) => {
  const [one, two] = [new Plan((await desk(anyone('organiser'))).page), new Plan((await desk(anyone('organiser'))).page)];
  await one.open();
  await two.open();
  await two.fill(8, { starts: '2024-09-12', ends: '2024-09-12', reason: 'Chờ họp Cục' });
  await one.fill(8, { starts: '2024-09-10', ends: '2024-09-10', reason: 'Phòng họp bận' });
  await one.saveButton.click();
  await expect(one.row(8)).toContainText('10/09/2024');

  await two.saveButton.click();
  await expect(two.error).toContainText('Có người vừa sửa dòng này');
  await expect(two.page.getByTestId('plan-newer')).toContainText('10/09/2024');
  await expect(two.page.getByTestId('plan-newer')).toContainText('Phòng họp bận');
  await expect(two.reason).toHaveValue('Chờ họp Cục');
  await expect(two.page.getByTestId('plan-starts')).toHaveValue('2024-09-12');
  await two.saveButton.click();
  await expect(two.saveButton).toBeHidden();
  await expect(two.row(8)).toContainText('12/09/2024');
});

test('without a network the change is not lost, and the page says how old it is', async ({ desk, server }) => {
  const plan = new Plan((await desk(anyone('organiser'))).page);
  await plan.open();
  await plan.fill(9, { state: 'running', reason: 'Bắt đầu soạn báo cáo' });
  await server.stop();
  await plan.saveButton.click();
  await expect(plan.error).toContainText('Không kết nối được với máy chủ');
  await expect(plan.reason).toHaveValue('Bắt đầu soạn báo cáo');
  await server.start();
  await plan.saveButton.click();
  await expect(plan.row(9)).toHaveAttribute('data-state', 'running');

  await server.stop();
  await plan.page.getByTestId('reload').click();
  await expect(plan.page.getByText('Chưa tải lại được')).toBeVisible();
  await expect(plan.row(9)).toHaveAttribute('data-state', 'running');
});
