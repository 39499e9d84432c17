// The sample edition, read from the same files that fill the database: accounts, criteria, and sheets that are there already.

import fs from 'node:fs';
import path from 'node:path';
import { repository } from './product';

export type Role = 'juror' | 'jury_head' | 'secretary' | 'organiser' | 'administrator';
export interface Account { name: string; password: string; role: Role; displayName: string }
export interface Criterion { code: string; max: number; step: number }
/** Points as a juror types them, by criterion: `{'1.1': '7,5'}`. */
export type Marks = Record<string, string>;
export interface SampleSheet { juror: string; confirmed: boolean; marks: Marks; remark: string }

/** Thirty products of four provinces: small enough that a story knows them all. Measurements name the whole one. */
export const EDITION = process.env.BINHCHON_EDITION ?? 'sample/small';

const read = (name: string) => fs.readFileSync(path.join(repository, EDITION, name), 'utf8');

/** The blocks of one `[[table]]` of a toml file that holds plain strings only. */
function blocks(text: string, table: string): Record<string, string>[] {
  const parts = text.split(/^(?=\[\[?\w+\]\]?$)/m).filter((part) => part.startsWith(`[[${table}]]`));
  return parts.map((part) => Object.fromEntries([...part.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value])));
}

const people: Account[] = blocks(read('people.toml'), 'people').map((person) => ({
  name: person.name!,
  password: person.password!,
  role: person.role as Role,
  displayName: person.display_name!,
}));

/** "7,5" is 750 hundredths. */
export function hundredths(text: string): number {
  const [whole, part = ''] = text.split(',');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** 750 hundredths is "7,5". */
export function typed(points: number): string {
  return String(points / 100).replace('.', ',');
}

export const criteria: Criterion[] = blocks(read('rubric.toml'), 'criteria').map((criterion) => ({
  code: criterion.code!,
  max: hundredths(criterion.max!),
  step: hundredths(criterion.step!),
}));

export function account(name: string): Account {
  const found = people.find((person) => person.name === name);
  if (!found) throw new Error(`no ${name} in ${EDITION}/people.toml`);
  return found;
}

/** The demo account that stands for a role. */
export function anyone(role: Role): Account {
  return account(people.find((person) => person.role === role)!.name);
}

/** Sheets of the sample for one product in one round. */
export function sampleSheets(round: string, product: string): SampleSheet[] {
  const [head, ...lines] = read('sheets.csv').replace('\uFEFF', '').trim().split('\n');
  const columns = head!.split(';');
  const rows = lines.map((line) => Object.fromEntries(line.split(';').map((cell, place) => [columns[place]!, cell])));
  return rows
    .filter((row) => row.round === round && row.product === product)
    .map((row) => ({
      juror: row.juror!,
      confirmed: row.confirmed === 'yes',
      remark: row.remark ?? '',
      marks: Object.fromEntries(columns.filter((column) => /^c\d/.test(column) && row[column]).map((column) => [column.slice(1), row[column]!])),
    }));
}

/** A mark for every criterion: the maximum, less so many steps. */
export function fullSheet(stepsBelowMaximum: (place: number) => number): Marks {
  return Object.fromEntries(criteria.map(({ code, max, step }, place) => [code, typed(Math.max(0, max - step * stepsBelowMaximum(place)))]));
}

/** A sheet's total by hand, in hundredths. */
export function total(marks: Marks): number {
  return Object.values(marks).reduce((sum, mark) => sum + hundredths(mark), 0);
}
