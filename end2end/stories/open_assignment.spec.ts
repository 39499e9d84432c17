// Whoever still has sheets to write in a round sees none of its totals, whatever their office (domain::access::may_see_totals).

import { Api } from '../harness/api';
import { anyone } from '../harness/sample';
import { expect, test } from '../harness/story';
import { signIn } from '../screens/sign_in';

test("the head of the jury scores on a tablet, and sees the totals of closed rounds alone", async ({ profile }) => {
  const context = await profile();
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, anyone('jury_head'));
  await expect(page.getByTestId('work-list')).toBeVisible();

  await page.goto('/desk/rounds/visit/totals');
  await expect(page.getByTestId('error-message')).toContainText('còn phân công chấm');
  await expect(page.getByTestId('totals-table')).toHaveCount(0);
  await page.goto('/desk/rounds/dossier/totals');
  await expect(page.getByTestId('totals-row-KGI-001')).toBeVisible();
});

test('an open assignment is refused by the API, too', async ({ server }) => {
  const head = await Api.signIn(server.url, anyone('jury_head'));
  for (const path of ['rounds/visit/totals', 'rounds/visit/live', 'rounds/direct/totals', 'results']) {
    const answer = await head.request('GET', `/api/v1/${path}`);
    expect(answer.status, path).toBe(403);
    expect(await answer.json(), path).toMatchObject({ code: 'open_assignment' });
  }
  expect((await head.request('GET', '/api/v1/rounds/dossier/totals')).status).toBe(200);
});
