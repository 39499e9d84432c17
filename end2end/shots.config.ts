// `npm run shots`: pictures of every screen, made with the harness of the stories and the whole edition.

import { defineConfig } from '@playwright/test';
import stories from './playwright.config';

process.env.BINHCHON_EDITION ??= 'sample';

export default defineConfig({ ...stories, testDir: 'pictures', timeout: 300_000 });
