// What every story starts from: a server with the sample edition, and as many tablets and desks as it asks for.

import { type BrowserContext, test as base, expect } from '@playwright/test';
import { type Account, account } from './sample';
import { Server } from './server';
import { Watch } from './watch';
import { Wire } from './wire';
import { Desk } from '../screens/desk';
import { Tablet } from '../screens/tablet';

interface Fixtures {
  /** A filled database to copy. */
  prepared: string;
  /** Its own database, stopped and removed at the end. */
  server: Server;
  /** Looks over every page of the story. */
  watch: Watch;
  /** A browser profile of its own; `url` where it finds the server. */
  profile: (url?: string) => Promise<BrowserContext>;
  /** A juror's tablet, signed in, with everything on board that it needs without a network. */
  tablet: (name: string, wire?: Wire) => Promise<Tablet>;
  /** A network of its own between a browser and the server. */
  wire: () => Promise<Wire>;
  /** Somebody's laptop, signed in at the desk. */
  desk: (who: Account) => Promise<Desk>;
}

export const test = base.extend<Fixtures>({
  prepared: async ({}, use) => use(process.env.BINHCHON_PREPARED!),

  server: async ({ prepared }, use, info) => {
    const server = await Server.withSample(prepared);
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.log, contentType: 'text/plain' });
    await server.remove();
  },

  watch: async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    expect(watch.problems, 'errors on pages').toEqual([]);
  },

  profile: async ({ browser, server, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (url = server.url) => {
      const context = await browser.newContext({ baseURL: url });
      contexts.push(context);
      watch.over(context);
      return context;
    });
    for (const context of contexts) await context.close();
  },

  tablet: async ({ profile }, use) => {
    await use(async (name, wire) => Tablet.enrol(await profile(wire?.url), account(name)));
  },

  wire: async ({ server }, use) => {
    const wires: Wire[] = [];
    await use(async () => {
      const wire = await Wire.to(server);
      wires.push(wire);
      return wire;
    });
    wires.forEach((wire) => wire.cut());
  },

  desk: async ({ profile }, use) => {
    await use(async (who) => Desk.open(await profile(), who));
  },
});

export { expect };
