// `npm run bench`: figures of the tablet, made with the harness of the stories. `cargo xtask bench` starts it; no test does.

import { defineConfig } from '@playwright/test';
import stories from './playwright.config';

export default defineConfig({
  ...stories,
  testDir: 'bench',
  testMatch: '*.bench.ts',
  workers: 1,
  timeout: 600_000,
  // A machine that is busy makes bad figures, not failures.
  use: { ...stories.use, trace: 'off', actionTimeout: 60_000, navigationTimeout: 60_000 },
});
