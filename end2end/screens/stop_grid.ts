// The grid at a stop, worked as a juror's finger does.

import { type Locator, type Page, expect } from '@playwright/test';
import { hundredths } from '../harness/sample';

const KEYS: Record<string, string> = { ',': 'comma' };

export class StopGrid {
  constructor(readonly page: Page) {}

  static async open(page: Page, date: string, ordinal: number, round = 'visit'): Promise<StopGrid> {
    await page.goto(`/rounds/${round}/stops/${date}/${ordinal}/grid`);
    return new StopGrid(page);
  }

  get table(): Locator {
    return this.page.getByTestId('grid');
  }

  cell(product: string, criterion: string): Locator {
    return this.page.getByTestId(`grid-cell-${product}-${criterion}`);
  }

  /** Its running total. */
  total(product: string): Locator {
    return this.page.getByTestId(`grid-total-${product}`);
  }

  /** Whether its marks are safe. */
  saved(product: string): Locator {
    return this.page.getByTestId(`grid-save-${product}`);
  }

  get copy(): Locator {
    return this.page.getByTestId('grid-copy');
  }

  get copyFrom(): Locator {
    return this.page.getByTestId('grid-copy-from');
  }

  get error(): Locator {
    return this.page.getByTestId('error-message');
  }

  key(name: string): Locator {
    return this.page.getByTestId(`key-${KEYS[name] ?? name}`);
  }

  async type(product: string, criterion: string, text: string): Promise<void> {
    await this.cell(product, criterion).click();
    for (const key of text) await this.key(key).click();
  }

  async mark(product: string, criterion: string, text: string): Promise<void> {
    await this.type(product, criterion, text);
    await this.key('done').click();
    await this.shows(product, criterion, text);
  }

  /** This mark; empty where there is none. */
  async shows(product: string, criterion: string, text: string): Promise<void> {
    await expect(this.cell(product, criterion)).toHaveAttribute('data-points', text && String(hundredths(text)));
  }
}
