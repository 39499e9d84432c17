// What no page may ever do, in any story: throw, write an error to the console, break the content security policy.

import type { BrowserContext, Page } from '@playwright/test';

// Without a network, and at refusals that a story is about, the browser itself reports the failed request.
const BROWSER_REPORTS = /^Failed to load resource|net::ERR_/;

export class Watch {
  /** What went wrong, one line each. */
  readonly problems: string[] = [];
  /** What the browser said of failed requests: right where a story takes the network away, wrong anywhere else. */
  readonly failedRequests: string[] = [];

  over(context: BrowserContext): void {
    context.pages().forEach((page) => this.overPage(page));
    context.on('page', (page) => this.overPage(page));
  }

  private overPage(page: Page): void {
    page.on('pageerror', (error) => this.problems.push(`${page.url()}: uncaught ${error.message}`));
    page.on('crash', () => this.problems.push(`${page.url()}: the page crashed`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const list = BROWSER_REPORTS.test(message.text()) ? this.failedRequests : this.problems;
      list.push(`${page.url()}: ${message.text()} (${message.location().url})`);
    });
  }
}
