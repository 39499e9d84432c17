// The store's critical path in the engines of iPads and of Firefox: sign in, draft, mark, strict commit, reload without a
// server. They differ from Chromium where it hurts: a transaction that waits for anything else ends at once (S9).

import { expect, test as base } from '@playwright/test';
import { account } from '../harness/sample';
import { Server } from '../harness/server';
import { type Engine, hasAttribute, says, testId } from './engine';
import { firefox } from './firefox';
import { webkit } from './webkit';

const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const server = await Server.withSample(process.env.BINHCHON_PREPARED!);
    await use(server);
    await server.remove();
  },
});

/** Asks every later write of this page for its durability. */
const WATCH_WRITES = `
  window.durabilities = [];
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = original.apply(this, args);
    if (transaction.mode === 'readwrite') window.durabilities.push(transaction.durability);
    return transaction;
  };`;

for (const [name, start] of Object.entries({ firefox, webkit })) {
  test(`${name}: a mark and a draft are there after a reload without a server`, async ({ server }) => {
    const engine = await start();
    try {
      await criticalPath(engine, server);
    } finally {
      await engine.close();
    }
  });
}

async function criticalPath(engine: Engine, server: Server): Promise<void> {
  const press = (key: string) => engine.click(testId(`key-${key}`));
  const sheet = `${server.url}/rounds/visit/products/AGI-004/sheet`;
  const { name, password } = account('giamkhao03');

  await engine.open(`${server.url}/sign-in`);
  await engine.type(testId('sign-in-name'), name);
  await engine.type(testId('sign-in-password'), password);
  await engine.click(testId('sign-in-submit'));
  await hasAttribute(engine, testId('work-item-AGI-004'), 'data-state', 'none');
  await hasAttribute(engine, 'html', 'data-offline', 'ready');

  await engine.open(sheet);
  await hasAttribute(engine, testId('criterion-1.1'), 'data-points', '');
  await engine.run(WATCH_WRITES);
  await engine.click(testId('criterion-1.1'));
  for (const key of ['6', 'comma', '5', 'done']) await press(key);
  await hasAttribute(engine, testId('criterion-1.1'), 'data-points', '650');
  await hasAttribute(engine, testId('save-state'), 'data-state', 'received');

  await server.stop();
  await engine.click(testId('criterion-1.2'));
  for (const key of ['3', 'done']) await press(key);
  await engine.click(testId('criterion-1.3'));
  for (const key of ['4', 'comma', '5']) await press(key);
  await hasAttribute(engine, testId('save-state'), 'data-state', 'saved');
  const durabilities = await engine.run<string[]>('return window.durabilities;');
  expect(durabilities.length).toBeGreaterThanOrEqual(5);
  expect(new Set(durabilities)).toEqual(new Set(['strict']));

  await engine.reload();
  await hasAttribute(engine, testId('criterion-1.1'), 'data-points', '650');
  await hasAttribute(engine, testId('criterion-1.2'), 'data-points', '300');
  await engine.click(testId('criterion-1.3'));
  await says(engine, '.pad-value output', '4,5');
  await says(engine, testId('unsent-count'), '1');

  await server.start();
  await engine.click(testId('key-done'));
  await hasAttribute(engine, testId('criterion-1.3'), 'data-points', '450');
  await hasAttribute(engine, testId('save-state'), 'data-state', 'received');
  await says(engine, testId('unsent-count'), '0');
}
