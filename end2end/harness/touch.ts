// Whether a finger can use a page: what is to be touched is large enough where it is touched, and nothing leaves the page sideways.

import type { Page } from '@playwright/test';

/** What is smaller than a finger (48 px; a key of the keypad 64 px), and what makes the page wider than the screen. */
export async function touchProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const TARGETS = 'a[href], button, input, select, textarea, summary';
    const problems: string[] = [];
    const name = (element: Element) => `${element.tagName.toLowerCase()}.${element.className} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}”`;
    const excess = document.documentElement.scrollWidth - innerWidth;
    if (excess > 0) problems.push(`the page is ${excess} px wider than the screen`);

    const modal = [...document.querySelectorAll('dialog[open]')].at(-1);
    for (const element of (modal ?? document).querySelectorAll(TARGETS)) {
      // A choice is touched at its label.
      const target = element.closest('label') ?? element;
      const box = target.getBoundingClientRect();
      const hidden = target.closest('.hidden-words, .skip') || !target.checkVisibility() || box.width < 2;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const reached = (dx: number, dy: number) => {
        const [px, py] = [x + dx, y + dy];
        const hit = document.elementFromPoint(px, py);
        return hit !== null && (target.contains(hit) || hit.contains(target) === false && hit.closest('label') === target);
      };
      const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
      if (hidden || !inside || !reached(0, 0)) continue;
      // Half a pixel less: borders lie on halves.
      const half = (element.matches('.key') ? 64 : 48) / 2 - 0.6;
      const wide = box.width >= half * 2 || (reached(-half, 0) && reached(half, 0));
      const high = box.height >= half * 2 || (reached(0, -half) && reached(0, half));
      if (!wide || !high) problems.push(`${name(element)} is ${Math.round(box.width)} × ${Math.round(box.height)} px`);
    }
    return [...new Set(problems)];
  });
}
