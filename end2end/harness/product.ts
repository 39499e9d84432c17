// Where the built product lies: `cargo xtask test` says it by environment; by hand the usual places do.

import path from 'node:path';

export const repository = path.resolve(__dirname, '../..');
export const binary = path.resolve(process.env.BINHCHON_BIN ?? path.join(repository, 'target/debug/binhchon'));
export const site = path.resolve(process.env.BINHCHON_SITE ?? path.join(repository, 'target/site/release'));

export const CHROMIUM = '/usr/bin/chromium';
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
