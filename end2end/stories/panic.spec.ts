// What a juror sees when the app itself breaks: that the sheets are safe, how many wait, the way on, and a file of what waits (S11).

import { createHash } from 'node:crypto';
import { expect, test } from '../harness/story';
import { rescueFile } from '../screens/rescue';

test('a broken app says that the marks are safe, and opens again with them', async ({ tablet, wire, watch }) => {
  const network = await wire();
  const juror = await tablet('giamkhao03', network);
  network.cut();
  const sheet = await juror.openSheet('AGI-004');
  await sheet.mark('1.1', '6,5');
  // Over the maximum of 4: it stays a draft.
  await sheet.type('1.2', '9');
  await sheet.isSaved();
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

  const { ops, drafts } = await rescueFile(juror.page);
  expect(ops.map(({ envelope }) => JSON.parse(envelope).body)).toMatchObject([{ criterion: '1.1', points: 650 }]);
  for (const { envelope, hash } of ops) expect(createHash('sha256').update(envelope).digest('hex'), 'word for word').toBe(hash);
  expect(drafts).toMatchObject([{ round: 'visit', drafts: [[{ mark: '1.2' }, '9']] }]);
  await expect(screen.getByRole('status')).toContainText('Tệp dự phòng đã nằm trong mục tải về');

  await screen.getByRole('link').click();
  await expect(juror.page.getByTestId('open-sheet')).toBeVisible();
  await expect(screen).toBeHidden();
  await juror.openSheet('AGI-004');
  await expect(sheet.criterion('1.1')).toHaveAttribute('data-points', '650');
});
