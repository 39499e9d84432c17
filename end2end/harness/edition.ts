// An edition of another cut: the small one with a mode for its visit round, none of whose sheets is begun.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from './product';
import { EDITION } from './sample';
import { prepareSample } from './server';

/** `mode` is what `rounds.toml` says of the round: `mode = "remarks"`. Gives a filled database; whoever asked removes it. */
export function prepareVisitMode(mode: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'binhchon-edition-'));
  try {
    fs.cpSync(path.join(repository, EDITION), folder, { recursive: true });
    change(folder, 'rounds.toml', (text) => text.replace(/(code = "visit"\n(?:(?!mode|\[).*\n)*)(?:mode = .*\n)?/, `$1${mode}\n`));
    for (const file of ['sheets.csv', 'sheet-notes.csv']) {
      change(folder, file, (text) => text.split('\n').filter((line) => !line.startsWith('visit;')).join('\n'));
    }
    return prepareSample(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function change(folder: string, file: string, edit: (text: string) => string): void {
  const at = path.join(folder, file);
  fs.writeFileSync(at, edit(fs.readFileSync(at, 'utf8')));
}
