// Bảng điểm của tôi, as its juror reads it.

import { type Locator, type Page, expect } from '@playwright/test';

export class MarksTable {
  constructor(readonly page: Page) {}

  get table(): Locator {
    return this.page.getByTestId('marks-table');
  }

  row(code: string): Locator {
    return this.page.getByTestId(`marks-row-${code}`);
  }

  /** Sums of the four sections, the total and the state, as they are written. */
  async cells(code: string): Promise<string[]> {
    const cells = await this.row(code).getByRole('cell').allInnerTexts();
    return cells.map((cell) => cell.replace(/\s+/g, ' ').trim()).slice(2);
  }

  async sortBy(column: string): Promise<void> {
    await this.page.getByTestId(`marks-sort-${column}`).click();
  }

  async round(name: string): Promise<void> {
    await this.page.getByRole('button', { name }).click();
  }

  /** The rows of one group, from the top, with the hundredths of their totals. */
  async isInOrder(group: string, rows: [string, string][]): Promise<void> {
    const section = this.table.getByRole('rowgroup').filter({ has: this.page.getByRole('heading', { name: group }) });
    const read = () =>
      section.locator('[data-points]').evaluateAll((found) => found.map((row) => [row.getAttribute('data-testid')!.replace('marks-row-', ''), row.getAttribute('data-points')]));
    await expect.poll(read).toEqual(rows);
  }
}
