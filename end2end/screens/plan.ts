// The plan's page: rows, and the dialog in which one is changed.

import { type Locator, type Page, expect } from '@playwright/test';

export interface PlanChange { starts?: string; ends?: string; state?: 'waiting' | 'running' | 'done'; reason?: string }

export class Plan {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('/desk/plan');
    await expect(this.row(17)).toBeVisible();
  }

  row(ordinal: number): Locator {
    return this.page.getByTestId(`plan-row-${ordinal}`);
  }

  changeButton(ordinal: number): Locator {
    return this.page.getByTestId(`plan-change-${ordinal}`);
  }

  get reason(): Locator {
    return this.page.getByTestId('plan-reason');
  }

  get saveButton(): Locator {
    return this.page.getByTestId('plan-save');
  }

  get error(): Locator {
    return this.page.getByTestId('error-message');
  }

  /** Opens the dialog and fills in what is given; the rest stays as it stands. */
  async fill(ordinal: number, { starts, ends, state, reason }: PlanChange): Promise<void> {
    await this.changeButton(ordinal).click();
    if (starts !== undefined) await this.page.getByTestId('plan-starts').fill(starts);
    if (ends !== undefined) await this.page.getByTestId('plan-ends').fill(ends);
    if (state !== undefined) await this.page.getByTestId('plan-state').selectOption(state);
    if (reason !== undefined) await this.reason.fill(reason);
  }
}
