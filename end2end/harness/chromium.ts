// Chromium as a process group of our own: Playwright names no pid for a lasting profile, and a test has to kill all of it.

import { type Browser, type Page, chromium } from '@playwright/test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CHROMIUM, CHROMIUM_FLAGS } from './product';

/** A device: its profile outlives the browser. */
export class Device {
  private readonly profile = fs.mkdtempSync(path.join(os.tmpdir(), 'binhchon-profile-'));
  private process: ChildProcess | undefined;
  private browser: Browser | undefined;

  /** Starts the browser on the profile as it was left and gives its first page. */
  async switchOn(): Promise<Page> {
    const child = spawn(
      CHROMIUM,
      [...CHROMIUM_FLAGS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${this.profile}`, '--window-size=1024,768', 'about:blank'],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.process = child;
    this.browser = await chromium.connectOverCDP(await debuggingAddress(child));
    const context = this.browser.contexts()[0]!;
    return context.pages()[0] ?? (await context.newPage());
  }

  /** The battery falls out: every process of the browser ends at once, none may finish a write. */
  async die(): Promise<void> {
    const child = this.process;
    if (!child) return;
    this.process = undefined;
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    process.kill(-child.pid!, 'SIGKILL');
    await gone;
    await this.browser?.close().catch(() => undefined);
  }

  /** The browser is closed as a person closes it: everything is written. */
  async switchOff(): Promise<void> {
    const child = this.process;
    if (!child) return;
    this.process = undefined;
    const gone = once(child, 'exit');
    const session = await this.browser!.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await gone;
  }

  async remove(): Promise<void> {
    await this.die();
    fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.on('exit', () => reject(new Error(`Chromium did not start:\n${said}`)));
  });
}
