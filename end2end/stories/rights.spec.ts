// (e) The wrong role on every route of the desk, and the desk's roles on every route of the tablet.

import { Api } from '../harness/api';
import { type Role, account, anyone } from '../harness/sample';
import { expect, test } from '../harness/story';
import { signIn } from '../screens/sign_in';

const ROUNDS = ['dossier', 'visit', 'direct'];
const DESK_API = ROUNDS.flatMap((round) => [`/api/v1/rounds/${round}/totals`, `/api/v1/rounds/${round}/live`]);

for (const role of ['juror', 'administrator'] satisfies Role[]) {
  test(`${role}: every page of the desk says no, and shows nothing`, async ({ profile }) => {
    const page = await (await profile()).newPage();
    const answers: string[] = [];
    page.on('response', (answer) => answer.url().includes('/api/v1/rounds/') && answers.push(`${answer.status()}`));
    await page.goto('/sign-in');
    await signIn(page, anyone(role));
    await expect(page.getByTestId('sign-in-name')).toBeHidden();
    for (const round of ROUNDS) {
      await page.goto(`/desk/rounds/${round}/totals`);
      await expect(page.getByTestId('error-message')).toHaveText(/không|chỉ/i);
      await expect(page.getByTestId('totals-table')).toHaveCount(0);
    }
    expect(answers.filter((status) => status !== '403')).toEqual([]);
  });

  test(`${role}: the desk's API answers 403`, async ({ server }) => {
    const api = await Api.signIn(server.url, anyone(role));
    for (const path of DESK_API) await refuses(await api.request('GET', path), 403, path);
  });
}

test('nobody: the desk asks to sign in, its API answers 401', async ({ server, profile }) => {
  const page = await (await profile()).newPage();
  for (const round of ROUNDS) {
    await page.goto(`/desk/rounds/${round}/totals`);
    await expect(page.getByTestId('sign-in-name')).toBeVisible();
    await expect(page.getByTestId('totals-table')).toHaveCount(0);
  }
  const api = Api.anonymous(server.url);
  for (const path of [...DESK_API, '/api/v1/sync/pull?cursor=']) await refuses(await api.request('GET', path), 401, path);
  for (const path of ['/api/v1/sync/push', '/api/v1/replicas']) await refuses(await api.request('POST', path, {}), 401, path);
});

test('who does not travel along can neither push nor pull nor register a tablet', async ({ server }) => {
  const replica = '0b1e0000-0000-4000-8000-000000000001';
  const push = { protocol: 1, app_version: '0.1.0', replica, first_seq: 1, ops: [], unsent: 0 };
  for (const role of ['organiser', 'administrator'] satisfies Role[]) {
    const api = await Api.signIn(server.url, anyone(role));
    await refuses(await api.request('GET', '/api/v1/sync/pull?cursor='), 403, `${role} pulls`);
    await refuses(await api.request('POST', '/api/v1/replicas', { replica }), 403, `${role} registers`);
    await refuses(await api.request('POST', '/api/v1/sync/push', push), 403, `${role} pushes`);
  }
});

test('a juror can not push into another juror\'s tablet (S13, S20)', async ({ server }) => {
  const replica = '0b1e0000-0000-4000-8000-000000000002';
  const push = { protocol: 1, app_version: '0.1.0', replica, first_seq: 1, ops: [], unsent: 0 };
  const owner = await Api.signIn(server.url, anyone('juror'));
  expect((await owner.request('POST', '/api/v1/replicas', { replica })).status).toBeLessThan(300);
  expect((await owner.request('POST', '/api/v1/sync/push', push)).status).toBe(200);
  const other = await Api.signIn(server.url, account('giamkhao02'));
  await refuses(await other.request('POST', '/api/v1/sync/push', push), 403, 'another juror pushes');
});

test('a change without our header is refused, whoever asks', async ({ server }) => {
  const { name, password } = anyone('juror');
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  await refuses(answer, 403, 'no header');
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a wrong password is said in words, and opens nothing', async ({ profile }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  await signIn(page, { name: 'giamkhao01', password: 'saimatkhau00' });
  await expect(page.getByTestId('error-message')).toContainText('Tên đăng nhập hoặc mật khẩu chưa đúng');
  await page.goto('/work');
  await expect(page.getByTestId('work-list')).toHaveCount(0);
  await expect(page.getByTestId('sign-in-name')).toBeVisible();
});

/** Our coded error, with our marker, and nothing of what was asked for. */
async function refuses(answer: Response, status: number, what: string): Promise<void> {
  expect(answer.status, what).toBe(status);
  expect(answer.headers.get('x-binhchon'), what).toBe('1');
  const body = (await answer.json()) as Record<string, unknown>;
  expect(Object.keys(body).sort(), what).toEqual(['code', 'message']);
}
