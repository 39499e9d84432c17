// The stories of section "end to end": one real server and one real Chromium each, the sample edition copied for each.

import { defineConfig } from '@playwright/test';
import { CHROMIUM, CHROMIUM_FLAGS } from './harness/product';

export default defineConfig({
  testDir: 'stories',
  globalSetup: './harness/setup.ts',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_FLAGS },
    viewport: { width: 800, height: 1200 },
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    // A picture of the page after every touch costs a good part of the run: asked for where a failure is looked into.
    trace: process.env.BINHCHON_TRACE ? { mode: 'retain-on-failure', screenshots: false, snapshots: true } : 'off',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
  },
});
