// A secretary's tablet: the stops, and the record of one.

import { type BrowserContext, type Locator, type Page, expect } from '@playwright/test';
import type { Account } from '../harness/sample';
import { signIn } from './sign_in';

export class VisitTablet {
  constructor(public page: Page) {}

  /** First use, with a network: signs in and waits until everything is on board that is needed without one. */
  static async enrol(context: BrowserContext, who: Account): Promise<VisitTablet> {
    const tablet = new VisitTablet(await context.newPage());
    await tablet.page.goto('/sign-in');
    await signIn(tablet.page, who);
    await expect(tablet.page.locator('[data-testid^=visit-20]').first()).toBeVisible();
    await expect(tablet.page.locator('html')).toHaveAttribute('data-offline', 'ready');
    return tablet;
  }

  stop(date: string, ordinal: number): Locator {
    return this.page.getByTestId(`visit-${date}-${ordinal}`);
  }

  async open(date: string, ordinal: number): Promise<void> {
    await this.goto('/work');
    await this.stop(date, ordinal).click();
    await expect(this.juror('Giám khảo 01')).toBeVisible();
  }

  /** Opens an address as somebody does: not while the page says that it is still saving. */
  async goto(path: string): Promise<void> {
    await this.nothingIsBeingSaved();
    await this.page.goto(path);
  }

  async reload(): Promise<void> {
    await this.nothingIsBeingSaved();
    await this.page.reload();
  }

  private async nothingIsBeingSaved(): Promise<void> {
    await expect(this.page.locator('.save-state[data-state="saving"]')).toHaveCount(0);
  }

  juror(name: string): Locator {
    return this.page.getByTestId(`presence-juror-${name}`);
  }

  async set(name: string, presence: 'present' | 'late' | 'absent', reason?: string): Promise<void> {
    await this.juror(name).getByTestId(`presence-set-${presence}`).click();
    if (reason === undefined) return;
    await this.page.getByRole('dialog').getByRole('textbox').fill(reason);
    await this.page.getByRole('dialog').getByRole('button', { name: 'Ghi', exact: true }).click();
    await expect(this.page.getByRole('dialog')).toBeHidden();
  }

  get arrived(): Locator {
    return this.page.getByTestId('visit-arrived');
  }

  /** Of a product, or of the stop. */
  fact(code: string): Locator {
    return this.page.getByTestId(`fact-${code}`);
  }

  get saveState(): Locator {
    return this.page.getByTestId('save-state');
  }

  get unsent(): Locator {
    return this.page.getByTestId('unsent-count');
  }

  /** Everything is sent and received. */
  async sync(): Promise<void> {
    await this.goto('/sync');
    await this.page.getByTestId('sync-now').click();
    await expect(this.unsent.first()).toHaveText('0');
  }
}
