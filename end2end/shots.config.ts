// `npm run shots`: pictures of every screen, made with the harness of the stories.

import { defineConfig } from '@playwright/test';
import stories from './playwright.config';

export default defineConfig({ ...stories, testDir: 'pictures', timeout: 300_000 });
