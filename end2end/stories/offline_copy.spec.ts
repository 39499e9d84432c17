// The copy of the app on the tablet (public/sw.js, public/loader.js): complete or not there, and replaced by consent alone.

import http from 'node:http';
import type { BrowserContext, Page } from '@playwright/test';
import { once } from 'node:events';
import { expect, test as base } from '../harness/story';
import { freePort, type Server } from '../harness/server';

/** Stands between a browser and the server, and changes what the browser gets. */
class Editor {
  /** Gives another body for a path, or nothing to leave it alone. */
  edit: (path: string, body: Buffer) => string | undefined = () => undefined;
  readonly asked: string[] = [];
  private readonly listener = http.createServer((request, response) => {
    this.carry(request.url ?? '/', response).catch(() => response.destroy());
  });

  private constructor(private readonly server: Server, readonly url: string) {}

  static async before(server: Server): Promise<Editor> {
    const port = await freePort();
    const editor = new Editor(server, `http://127.0.0.1:${port}`);
    editor.listener.listen(port, '127.0.0.1');
    await once(editor.listener, 'listening');
    return editor;
  }

  private async carry(path: string, response: http.ServerResponse): Promise<void> {
    this.asked.push(path);
    const answer = await fetch(this.server.url + path);
    const body = Buffer.from(await answer.arrayBuffer());
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name)));
    const edited = this.edit(path, body);
    if (edited === undefined) response.writeHead(answer.status, headers).end(body);
    else response.writeHead(200, { ...headers, 'cache-control': 'max-age=3600' }).end(edited);
  }

  close(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }
}

const test = base.extend<{ editor: Editor }>({
  editor: async ({ server }, use) => {
    const editor = await Editor.before(server);
    await use(editor);
    editor.close();
  },
});

const html = (page: Page) => page.locator('html');
const send = (page: Page, name: string) => page.evaluate((event) => window.dispatchEvent(new Event(event)), name);
const caches = (page: Page) => page.evaluate(() => window.caches.keys());

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/sign-in');
  await expect(page.getByTestId('sign-in-name')).toBeVisible();
  return page;
}

test('one visit is enough for a new tab, on any address, without a server', async ({ profile, server }) => {
  const context = await profile();
  await expect(html(await visit(context))).toHaveAttribute('data-offline', 'ready');
  await server.kill();
  const other = await context.newPage();
  await other.goto('/products/AGI-001');
  await expect(other.getByTestId('sign-in-name')).toBeVisible();
});

test("a captive portal's page in place of an asset is never kept, and the next try goes around the browser's cache", async ({ profile, editor }) => {
  editor.edit = (path) => (path.endsWith('.woff2') ? '<h1>Please sign in</h1>' : undefined);
  const page = await visit(await profile(editor.url));
  await expect(html(page)).toHaveAttribute('data-offline', 'failed');

  editor.edit = () => undefined;
  editor.asked.length = 0;
  await send(page, 'online');
  await expect(html(page)).toHaveAttribute('data-offline', 'ready');
  expect(editor.asked.filter((path) => path.endsWith('.wasm')), 'what was kept before is not downloaded again').toEqual([]);
});

test('the shell of another page is not taken for the app', async ({ profile, editor }) => {
  editor.edit = (path) => (path === '/shell' ? '<h1>Please sign in</h1>' : undefined);
  await expect(html(await visit(await profile(editor.url)))).toHaveAttribute('data-offline', 'failed');
});

test('a newer build waits for consent, over reloads too, and then replaces the old one whole', async ({ profile, editor }) => {
  const page = await visit(await profile(editor.url));
  await expect(html(page)).toHaveAttribute('data-offline', 'ready');
  const [before] = await caches(page);

  editor.edit = (path, body) => (path === '/sw.js' ? body.toString().replace(/const BUILD = ".*"/, 'const BUILD = "newer"') : undefined);
  await send(page, 'online');
  await expect(html(page)).toHaveAttribute('data-update', 'ready');
  await page.reload();
  await expect(html(page)).toHaveAttribute('data-update', 'ready');
  expect(await caches(page)).toContain(before);

  const started = page.waitForEvent('load');
  await send(page, 'binhchon:activate-update');
  await started;
  await expect(page.getByTestId('sign-in-name')).toBeVisible();
  await expect.poll(() => caches(page)).toEqual(['binhchon-shell-newer']);
});
