// Once before all stories: one filled database for all of them to copy. Gives the clean-up.

import fs from 'node:fs';
import { binary, site } from './product';
import { prepareSample } from './server';

export default function setup(): () => void {
  for (const needed of [binary, `${site}/site.json`]) {
    if (!fs.existsSync(needed)) throw new Error(`${needed} is missing: run these tests with  cargo xtask test --only e2e`);
  }
  const prepared = prepareSample();
  process.env.BINHCHON_PREPARED = prepared;
  return () => fs.rmSync(prepared, { recursive: true, force: true });
}
