// axe-core inside a page. Its source goes in through the debugger, as the page's own policy (rightly) lets no script in.

import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** A row that has been scrolled half under the keypad or the head comes out again; axe can't know. */
function isScrolledUnderPad(summary = ''): boolean {
  return summary.includes('partially obscured');
}

/** Serious and critical violations of WCAG 2.2 AA: rule, then the elements. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      resultTypes: ['violations'],
    }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, nodes: nodes.filter((node) => !isScrolledUnderPad(node.failureSummary)) }))
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary?.split('\n')[1]?.trim()}`).join(' | ')}`);
}
