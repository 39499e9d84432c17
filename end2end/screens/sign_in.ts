import type { Page } from '@playwright/test';
import type { Account } from '../harness/sample';

/** Types and sends; what comes of it is the caller's to see. */
export async function signIn(page: Page, { name, password }: Pick<Account, 'name' | 'password'>): Promise<void> {
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(password);
  await page.getByTestId('sign-in-submit').click();
}
