// The tablet's app can be installed, and then starts from the home screen without a network.

import { Device } from '../harness/chromium';
import { account } from '../harness/sample';
import { expect, test } from '../harness/story';
import { signIn } from '../screens/sign_in';
import { Tablet } from '../screens/tablet';

interface Manifest { name: string; short_name: string; start_url: string; display: string; lang: string; icons: { src: string; sizes: string; type: string; purpose?: string }[] }

test('the manifest is whole and its icons are there', async ({ server, profile }) => {
  const page = await (await profile()).newPage();
  await page.goto('/sign-in');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await fetch(`${server.url}${href}`);
  expect(answer.headers.get('content-type')).toContain('application/manifest+json');
  const manifest = (await answer.json()) as Manifest;
  expect(manifest.name).toContain('Bình chọn');
  expect(manifest).toMatchObject({ display: 'standalone', lang: 'vi' });
  expect(manifest.start_url).toMatch(/^\//);
  const sizes = manifest.icons.flatMap((icon) => icon.sizes.split(' '));
  expect(sizes).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(manifest.icons.some((icon) => icon.purpose?.includes('maskable'))).toBe(true);
  for (const icon of manifest.icons) {
    const picture = await fetch(`${server.url}${icon.src}`);
    expect(picture.status, icon.src).toBe(200);
    expect(picture.headers.get('content-type'), icon.src).toBe(icon.type);
  }
});

test('the browser offers to install it, and it starts offline from the home screen', async ({ server, watch }) => {
  const device = new Device();
  try {
    const page = await device.switchOn();
    watch.over(page.context());
    await page.goto(`${server.url}/sign-in`);
    await signIn(page, account('giamkhao05'));
    await new Tablet(page).isReady();
    const browser = await page.context().newCDPSession(page);
    const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
    const worker = await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    expect(worker).toBe('activated');
    const startUrl = await page.evaluate(async () => ((await (await fetch(document.querySelector<HTMLLinkElement>('link[rel=manifest]')!.href)).json()) as { start_url: string }).start_url);

    await server.stop();
    const fresh = await page.context().newPage();
    await fresh.goto(`${server.url}${startUrl}`);
    await expect(fresh.getByTestId('work-item-AGI-001')).toHaveAttribute('data-state', 'none');
  } finally {
    await device.remove();
  }
});
