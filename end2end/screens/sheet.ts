// A score sheet on the tablet, worked as a juror's finger does.

import { type Locator, type Page, expect } from '@playwright/test';
import { type Marks, hundredths } from '../harness/sample';

const KEYS: Record<string, string> = { ',': 'comma' };

export class Sheet {
  constructor(readonly page: Page) {}

  criterion(code: string): Locator {
    return this.page.getByTestId(`criterion-${code}`);
  }

  note(code: string): Locator {
    return this.page.getByTestId(`criterion-note-${code}`);
  }

  get remark(): Locator {
    return this.page.getByTestId('sheet-remark');
  }

  get total(): Locator {
    return this.page.getByTestId('sheet-total');
  }

  get saveState(): Locator {
    return this.page.getByTestId('save-state');
  }

  get confirmButton(): Locator {
    return this.page.getByTestId('sheet-confirm');
  }

  get error(): Locator {
    return this.page.getByTestId('error-message');
  }

  key(name: string): Locator {
    return this.page.getByTestId(`key-${KEYS[name] ?? name}`);
  }

  /** Touches a criterion and types, without finishing: a draft. */
  async type(code: string, text: string): Promise<void> {
    await this.criterion(code).click();
    for (const key of text) await this.key(key).click();
  }

  /** Gives a mark: touches the criterion, types, finishes. */
  async mark(code: string, text: string): Promise<void> {
    await this.type(code, text);
    await this.key('done').click();
    await expect(this.criterion(code)).toHaveAttribute('data-points', String(hundredths(text)));
  }

  async markAll(marks: Marks): Promise<void> {
    for (const [code, text] of Object.entries(marks)) await this.mark(code, text);
  }

  /** Writes beside a criterion, and leaves the field. */
  async writeNote(code: string, text: string): Promise<void> {
    await this.criterion(code).click();
    await this.note(code).fill(text);
    await this.note(code).blur();
  }

  async writeRemark(text: string): Promise<void> {
    await this.remark.fill(text);
    await this.remark.blur();
  }

  /** Xác nhận và khóa phiếu. */
  async confirm(): Promise<void> {
    await this.confirmButton.click();
    await this.page.getByTestId('sheet-confirm-yes').click();
    await this.isLocked();
  }

  async isLocked(): Promise<void> {
    await expect(this.page.locator('main')).toHaveAttribute('data-mode', 'locked');
  }

  /** Saved on the tablet, whether or not the server has it yet. */
  async isSaved(): Promise<void> {
    await expect(this.saveState).toHaveAttribute('data-state', /^(saved|received)$/);
  }

  /** The server has it. */
  async isReceived(): Promise<void> {
    await expect(this.saveState).toHaveAttribute('data-state', 'received');
  }

  /** Exactly these marks, and their total. */
  async shows(marks: Marks): Promise<void> {
    for (const [code, text] of Object.entries(marks)) {
      await expect(this.criterion(code)).toHaveAttribute('data-points', String(hundredths(text)));
    }
    const sum = Object.values(marks).reduce((points, text) => points + hundredths(text), 0);
    await expect(this.total).toHaveAttribute('data-points', String(sum));
  }
}
