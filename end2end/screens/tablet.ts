// A juror's tablet: one browser profile, and the page in front of the juror.

import { type BrowserContext, type Locator, type Page, expect } from '@playwright/test';
import type { Account } from '../harness/sample';
import { Sheet } from './sheet';
import { signIn } from './sign_in';

export class Tablet {
  constructor(public page: Page) {}

  /** First use, with a network: signs in and waits until it could start, and score anything, without one. */
  static async enrol(context: BrowserContext, who: Account): Promise<Tablet> {
    const tablet = new Tablet(await context.newPage());
    await tablet.page.goto('/sign-in');
    await signIn(tablet.page, who);
    await tablet.isReady();
    return tablet;
  }

  /** The work list is there, and the browser holds a complete copy of the app. */
  async isReady(): Promise<void> {
    await expect(this.workList).toBeVisible();
    await expect(this.workItem('AGI-001')).toHaveAttribute('data-state', /^(none|draft|confirmed)$/);
    await expect(this.page.locator('html')).toHaveAttribute('data-offline', 'ready');
  }

  get workList(): Locator {
    return this.page.getByTestId('work-list');
  }

  workItem(code: string): Locator {
    return this.page.getByTestId(`work-item-${code}`);
  }

  /** Locks all complete sheets of a stop, or of a group. */
  get confirmStop(): Locator {
    return this.page.getByTestId('confirm-stop');
  }

  get unsent(): Locator {
    return this.page.getByTestId('unsent-count');
  }

  /** Opens an address in the page at hand, as a juror does: not while the page says that it is still saving, for loading ends what it does. */
  async goto(path: string): Promise<void> {
    await this.nothingIsBeingSaved();
    await this.page.goto(path);
  }

  /** Loads the page at hand anew, no sooner than a juror would. */
  async reload(): Promise<void> {
    await this.nothingIsBeingSaved();
    await this.page.reload();
  }

  private async nothingIsBeingSaved(): Promise<void> {
    await expect(this.page.locator('.save-state[data-state="saving"]')).toHaveCount(0);
  }

  /** The sheet by its address, as a link or a bookmark opens it. */
  async openSheet(code: string, round = 'visit'): Promise<Sheet> {
    await this.goto(`/rounds/${round}/products/${code}/sheet`);
    return new Sheet(this.page);
  }

  /** From now on the juror looks at a new tab; the old one stays. */
  async newTab(): Promise<void> {
    this.page = await this.page.context().newPage();
  }

  /** Signs out from the menu, and stays firm if the app warns of unsent work. */
  async signOut(): Promise<void> {
    await this.pressSignOut();
    const form = this.page.getByTestId('sign-in-name');
    await expect(this.stillLeave.or(form)).toBeVisible();
    if (await this.stillLeave.isVisible()) await this.stillLeave.click();
    await expect(form).toBeVisible();
  }

  /** Asks to sign out with unsent work, and stops at the app's warning. */
  async signOutWarning(): Promise<void> {
    await this.pressSignOut();
    await expect(this.stillLeave).toBeVisible();
  }

  private get stillLeave(): Locator {
    return this.page.getByTestId('sign-out-anyway');
  }

  private async pressSignOut(): Promise<void> {
    const button = this.page.getByTestId('sign-out');
    const menu = this.page.getByRole('button', { name: 'Mở trình đơn' });
    // Which of the two a page has is known once it is there.
    await expect(button.or(menu).first()).toBeVisible();
    if (!(await button.isVisible())) await menu.click();
    await button.click();
  }
}
