// An organiser's laptop with a round's live totals.

import { type BrowserContext, type Locator, type Page, expect } from '@playwright/test';
import type { Account } from '../harness/sample';
import { signIn } from './sign_in';

export class Desk {
  private constructor(readonly page: Page) {}

  static async open(context: BrowserContext, who: Account): Promise<Desk> {
    const desk = new Desk(await context.newPage());
    await desk.page.goto('/sign-in');
    await signIn(desk.page, who);
    await expect(desk.page.getByTestId('sign-in-name')).toBeHidden();
    return desk;
  }

  async openTotals(round = 'visit'): Promise<void> {
    await this.page.goto(`/desk/rounds/${round}/totals`);
    await expect(this.table).toBeVisible();
  }

  get table(): Locator {
    return this.page.getByTestId('totals-table');
  }

  get banner(): Locator {
    return this.page.getByTestId('totals-banner');
  }

  get search(): Locator {
    return this.page.getByRole('searchbox');
  }

  row(code: string): Locator {
    return this.page.getByTestId(`totals-row-${code}`);
  }

  mean(code: string): Locator {
    return this.row(code).getByTestId('totals-mean');
  }

  /** The mean as its exact ratio: the sum of the sheets' totals in hundredths over their number. */
  async showsMean(code: string, totals: number[], timeout?: number): Promise<void> {
    const sum = totals.reduce((points, total) => points + total, 0);
    await expect(this.mean(code)).toHaveAttribute('data-num', String(sum), { timeout });
    await expect(this.mean(code)).toHaveAttribute('data-den', String(totals.length), { timeout });
  }
}
