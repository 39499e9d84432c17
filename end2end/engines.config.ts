// The store's critical path in Firefox ESR and WebKitGTK. Playwright only runs the tests here: its own builds of these
// browsers are not the ones that people have.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'engines',
  globalSetup: './harness/setup.ts',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  reporter: [['list']],
});
