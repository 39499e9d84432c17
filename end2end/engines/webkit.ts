// WebKitGTK over the W3C WebDriver protocol, spoken directly: it is five requests.

import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { freePort } from '../harness/server';
import type { Engine } from './engine';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const STARTS_WITHIN_MS = 20_000;
// WebKitGTK's own sandbox and graphics don't work in a container.
const ENVIRONMENT = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1', LIBGL_ALWAYS_SOFTWARE: '1' };

export async function webkit(): Promise<Engine> {
  if (!process.env.DISPLAY) throw new Error('WebKitGTK wants a display: run  xvfb-run --auto-servernum npm run engines');
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { detached: true, env: { ...process.env, ...ENVIRONMENT }, stdio: 'ignore' });
  const end = () => process.kill(-driver.pid!, 'SIGKILL');
  try {
    const call = await connect(driver, `http://127.0.0.1:${port}`);
    return session(call, end);
  } catch (error) {
    end();
    throw error;
  }
}

type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;

async function connect(driver: ChildProcess, url: string): Promise<Call> {
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (!(await fetch(`${url}/status`).catch(() => undefined))?.ok) {
    if (driver.exitCode !== null || Date.now() > deadline) throw new Error('WebKitWebDriver did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const options = { binary: miniBrowser(), args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  const { sessionId } = await send<{ sessionId: string }>('POST', `${url}/session`, { capabilities });
  return (method, path, body) => send(method, `${url}/session/${sessionId}${path}`, body);
}

/** Debian keeps it beside the library, by architecture and version. */
function miniBrowser(): string {
  const folders = (parent: string) => fs.readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `${parent}/${name}`);
  const places = folders('/usr/lib').flatMap(folders).filter((folder) => /\/webkit2?gtk-[\d.]+$/.test(folder)).map((folder) => `${folder}/MiniBrowser`);
  const newest = places.filter((place) => fs.existsSync(place)).sort().at(-1);
  if (!newest) throw new Error('no MiniBrowser of WebKitGTK: install webkit2gtk-driver');
  return newest;
}

async function send<T>(method: string, url: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`WebKit: ${value.error}: ${value.message}`);
  return value;
}

async function session(call: Call, end: () => void): Promise<Engine> {
  await call('POST', '/timeouts', { implicit: 10_000, pageLoad: 30_000, script: 30_000 });
  const element = async (selector: string) => {
    const found = await call<Record<string, string>>('POST', '/element', { using: 'css selector', value: selector });
    return `/element/${found[ELEMENT]}`;
  };
  return {
    name: 'WebKitGTK',
    open: (url) => call('POST', '/url', { url }),
    reload: () => call('POST', '/refresh', {}),
    click: async (selector) => call('POST', `${await element(selector)}/click`, {}),
    type: async (selector, text) => call('POST', `${await element(selector)}/value`, { text }),
    run: (body) => call('POST', '/execute/sync', { script: body, args: [] }),
    close: async () => {
      await call('DELETE', '').catch(() => undefined);
      end();
    },
  };
}
