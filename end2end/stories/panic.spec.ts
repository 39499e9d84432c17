// What a juror sees when the app itself breaks: that the sheets are safe, how many wait, and the way on.

import { expect, test } from '../harness/story';

test('a broken app says that the marks are safe, and opens again with them', async ({ tablet, wire, watch }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  await expect(juror.unsent).toHaveText('1');

  // A browser that refuses an element once: the framework has no answer to that.
  await juror.page.evaluate(() => {
    const { createElement } = Document.prototype;
    const { cloneNode } = Node.prototype;
    const refuse = (): never => {
      Document.prototype.createElement = createElement;
      Node.prototype.cloneNode = cloneNode;
      throw new Error('no element');
    };
    Document.prototype.createElement = refuse;
    Node.prototype.cloneNode = refuse;
    document.querySelector<HTMLAnchorElement>('a[href^="/products/"]')!.click();
  });
  const screen = juror.page.getByRole('alertdialog');
  await expect(screen).toBeVisible();
  await expect(screen.locator('.panic-count b')).toHaveText('1');
  expect(watch.problems.length).toBeGreaterThan(0);
  watch.problems.length = 0;

  await screen.getByRole('link').click();
  await juror.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
  await expect(screen).toBeHidden();
});
