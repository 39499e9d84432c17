// The page of a round's life, by its fixed names.

import type { Locator, Page } from '@playwright/test';
import { expect } from '../harness/story';

export class RoundLife {
  readonly history: Locator;
  readonly held: Locator;
  readonly ruled: Locator;
  readonly error: Locator;

  constructor(readonly page: Page) {
    this.history = page.getByTestId('round-history').getByRole('listitem');
    this.held = page.getByTestId('held').getByRole('article');
    this.ruled = page.getByTestId('ruled').getByRole('listitem');
    this.error = page.getByRole('dialog').getByTestId('error-message');
  }

  async open(round = 'visit'): Promise<void> {
    await this.page.goto(`/desk/rounds/${round}/life`);
    await expect(this.page.getByTestId('round-missing')).toBeVisible();
  }

  /** Opens the dialog of a move, gives a reason and sends it. */
  async move(step: string, reason = ''): Promise<void> {
    await this.page.getByTestId(`round-${step}`).click();
    await this.answer(reason);
  }

  /** Rules on what is chosen of a held sheet. */
  async rule(verdict: 'admit' | 'deny', sheet: Locator, reason: string): Promise<void> {
    await sheet.getByTestId(verdict).click();
    await this.answer(reason);
  }

  async answer(reason: string): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(reason);
    await dialog.locator('.button.primary').click();
  }
}
