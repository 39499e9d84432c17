// Who was at the stops of a visit, as the secretary's phone shows it.

import { type Locator, type Page, expect } from '@playwright/test';

export class Presence {
  constructor(readonly page: Page) {}

  async open(round = 'visit'): Promise<void> {
    await this.page.goto(`/desk/rounds/${round}/presence`);
    await expect(this.page.locator('[data-testid^=presence-stop-]').first()).toBeVisible();
  }

  stop(date: string, ordinal: number): PresenceStop {
    return new PresenceStop(this.page.getByTestId(`presence-stop-${date}-${ordinal}`));
  }
}

export class PresenceStop {
  constructor(readonly section: Locator) {}

  juror(name: string): Locator {
    return this.section.getByTestId(`presence-juror-${name}`);
  }

  async set(name: string, presence: 'present' | 'late' | 'absent', reason?: string): Promise<void> {
    await this.juror(name).getByTestId(`presence-set-${presence}`).click();
    if (reason !== undefined) await this.giveReason(reason);
  }

  async giveReason(reason: string): Promise<void> {
    await this.section.getByRole('textbox').fill(reason);
    await this.section.getByRole('button', { name: 'Ghi', exact: true }).click();
  }
}
