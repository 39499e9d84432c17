// Every page, in three themes: usable by all, silent in the console, within the content security policy.

import type { Page } from '@playwright/test';
import { accessibilityProblems } from '../harness/axe';
import { anyone, fullSheet } from '../harness/sample';
import { expect, test } from '../harness/story';
import type { Watch } from '../harness/watch';
import { VisitTablet } from '../screens/visits';

// Ten screens a story, each read whole by axe: on a busy machine that is more than a minute.
test.describe.configure({ timeout: 180_000 });

const THEMES = ['light', 'dark', 'sunlight'];

/** Looks at the page as it stands in each theme. */
async function isForEveryone(page: Page, what: string): Promise<void> {
  for (const theme of THEMES) {
    await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
    expect.soft(await accessibilityProblems(page), `${what}, ${theme}`).toEqual([]);
  }
}

/** With the server there, not one request may fail. */
function isSilent(watch: Watch): void {
  expect(watch.failedRequests).toEqual([]);
}

test('the sign-in page', async ({ profile, watch }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await expect(page.getByTestId('sign-in-submit')).toBeVisible();
  await isForEveryone(page, 'sign-in');
  expect(watch.problems).toEqual([]);
});

test('the tablet\'s pages', async ({ tablet, watch }) => {
  const juror = await tablet('giamkhao01');
  watch.failedRequests.length = 0;
  const { page } = juror;
  await isForEveryone(page, 'work list');
  await page.getByRole('button', { name: 'Mở trình đơn' }).click();
  await expect(page.getByTestId('sign-out')).toBeVisible();
  await isForEveryone(page, 'menu');

  await juror.goto('/products/AGI-004');
  await expect(page.getByTestId('open-sheet')).toBeVisible();
  await isForEveryone(page, 'product');

  const sheet = await juror.openSheet('AGI-003');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '600');
  await isForEveryone(page, 'sheet');
  await sheet.type('2.9', '9');
  await expect(sheet.error).toBeVisible();
  await isForEveryone(page, 'sheet with an impossible draft');

  await juror.openSheet('AGI-001');
  await sheet.isLocked();
  await isForEveryone(page, 'locked sheet');
  await juror.openSheet('DTH-001');
  await sheet.typeAll(fullSheet(() => 1));
  await sheet.confirmButton.click();
  await expect(page.getByTestId('sheet-confirm-yes')).toBeVisible();
  await isForEveryone(page, 'review before confirming');

  await juror.goto('/marks');
  await expect(page.getByTestId('marks-row-AGI-001')).toBeVisible();
  await isForEveryone(page, 'own marks');
  await juror.goto('/rounds/visit/stops/2024-08-26/1/grid');
  await page.getByTestId('grid-cell-AGI-004-1.1').click();
  await isForEveryone(page, 'grid at a stop');

  await juror.goto('/sync');
  await expect(page.getByTestId('sync-now')).toBeVisible();
  await isForEveryone(page, 'sync');
  await juror.goto('/no-such-page');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await isForEveryone(page, 'not found');
  isSilent(watch);
});

test('the desk\'s pages', async ({ desk, watch }) => {
  const organiser = await desk(anyone('organiser'));
  watch.failedRequests.length = 0;
  await organiser.page.setViewportSize({ width: 1440, height: 900 });
  for (const round of ['visit', 'dossier', 'direct']) {
    await organiser.openTotals(round);
    await expect(organiser.banner).toBeVisible();
    await isForEveryone(organiser.page, `totals of ${round}`);
  }
  await organiser.page.goto('/desk/results');
  await expect(organiser.page.getByTestId('results-table')).toBeVisible();
  await isForEveryone(organiser.page, 'results');
  await organiser.page.goto('/desk/plan');
  await organiser.page.getByTestId('plan-change-6').click();
  await expect(organiser.page.getByTestId('plan-save')).toBeVisible();
  await isForEveryone(organiser.page, 'a change of the plan');
  await organiser.page.reload();
  await expect(organiser.page.getByTestId('plan-row-17')).toBeVisible();
  await isForEveryone(organiser.page, 'plan');
  await organiser.page.goto('/desk/rounds/visit/presence');
  await expect(organiser.page.getByTestId('presence-stop-2024-08-26-1')).toBeVisible();
  await isForEveryone(organiser.page, 'presence');
  await organiser.page.goto('/desk/rounds/visit/life');
  await organiser.page.getByTestId('round-close').click();
  await expect(organiser.page.getByRole('dialog').getByRole('textbox')).toBeVisible();
  await isForEveryone(organiser.page, 'a round that is about to be closed');
  await organiser.page.goto('/desk/rounds/dossier/life');
  await expect(organiser.page.getByTestId('round-history')).toBeVisible();
  await isForEveryone(organiser.page, 'a round\'s life');
  await organiser.page.goto('/desk/tablets');
  await expect(organiser.page.getByTestId('tablets')).toBeVisible();
  await isForEveryone(organiser.page, 'tablets');
  isSilent(watch);
});

test('the secretary\'s pages', async ({ profile, watch }) => {
  const tablet = await VisitTablet.enrol(await profile(), anyone('secretary'));
  watch.failedRequests.length = 0;
  await isForEveryone(tablet.page, 'stops');
  await tablet.open('2024-08-26', 2);
  await tablet.set('Giám khảo 01', 'late', 'Xe hỏng');
  await tablet.fact('stop').fill('Lò nấu mới');
  await isForEveryone(tablet.page, 'record of a stop');
  await tablet.juror('Giám khảo 02').getByTestId('presence-set-absent').click();
  await expect(tablet.page.getByRole('dialog').getByRole('textbox')).toBeVisible();
  await isForEveryone(tablet.page, 'reason of an absence');
  await tablet.page.keyboard.press('Escape');
  await tablet.goto('/visits/nowhere');
  await expect(tablet.page.getByRole('heading', { level: 1 })).toHaveText('Không có điểm đến này');
  await isForEveryone(tablet.page, 'unknown stop');
  isSilent(watch);
});

test('a page that is not for this account', async ({ profile }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await page.getByTestId('sign-in-name').fill(anyone('administrator').name);
  await page.getByTestId('sign-in-password').fill(anyone('administrator').password);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId('sign-in-name')).toBeHidden();
  await page.goto('/desk/rounds/visit/totals');
  await expect(page.getByTestId('error-message')).toBeVisible();
  await isForEveryone(page, 'refused');
});
