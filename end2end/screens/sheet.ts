// A score sheet on the tablet, worked as a juror's finger does.

import { type Locator, type Page, expect } from '@playwright/test';
import { type Marks, criteria, hundredths, total } from '../harness/sample';

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

  get count(): Locator {
    return this.page.getByTestId('sheet-count');
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

  /** Every mark by the keypad, one touch after the other. */
  async markAll(marks: Marks): Promise<void> {
    for (const [code, text] of Object.entries(marks)) await this.mark(code, text);
  }

  /** The whole sheet, from its first criterion on, by a keyboard: Enter finishes a mark and goes on to the next. */
  async typeAll(marks: Marks): Promise<void> {
    const ordered = criteria.filter(({ code }) => code in marks);
    await this.criterion(ordered[0]!.code).click();
    for (const { code } of ordered) {
      await this.page.keyboard.type(marks[code]!);
      await this.page.keyboard.press('Enter');
    }
    await this.showsMarks(marks);
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

  /** These marks, whatever else is on the sheet. */
  async showsMarks(marks: Marks): Promise<void> {
    const wanted = Object.fromEntries(Object.entries(marks).map(([code, text]) => [code, String(hundredths(text))]));
    const read = (codes: string[]) =>
      Object.fromEntries(codes.map((code) => [code, document.querySelector(`[data-testid="criterion-${code}"]`)?.getAttribute('data-points')]));
    await expect.poll(() => this.page.evaluate(read, Object.keys(marks)), { intervals: [50] }).toEqual(wanted);
  }

  /** These marks and no others: the total is theirs. */
  async shows(marks: Marks): Promise<void> {
    await this.showsMarks(marks);
    await expect(this.total).toHaveAttribute('data-points', String(total(marks)));
  }
}
