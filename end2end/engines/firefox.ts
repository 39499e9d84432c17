// Firefox ESR over WebDriver BiDi; no geckodriver in between.

import puppeteer, { type Page } from 'puppeteer-core';
import type { Engine } from './engine';

// A tablet held sideways: the pad stands beside the criteria, and never over the one that is touched.
const SCREEN = { width: 1100, height: 900 };

export async function firefox(): Promise<Engine> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, defaultViewport: SCREEN });
  const page: Page = await browser.newPage();
  const element = async (selector: string) => {
    const found = await page.waitForSelector(selector, { visible: true });
    if (!found) throw new Error(`Firefox: no ${selector}`);
    return found;
  };
  return {
    name: 'Firefox',
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    click: async (selector) => (await element(selector)).click(),
    type: async (selector, text) => (await element(selector)).type(text),
    run: async <T>(body: string) => (await page.evaluate(`(() => { ${body} })()`)) as T,
    close: () => browser.close(),
  };
}
