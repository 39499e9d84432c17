// The API as a program sees it: to ask what the server really has, and to try what no screen offers.

import type { Account } from './sample';

export interface PulledOp { position: number; envelope: string; hash: string; status: string; code?: string }
export interface Envelope { replica: string; seq: number; prev: string | null; user: string; round: string; kind: string; body: Record<string, unknown> }
export interface Row {
  code: string;
  group: string;
  rank: number | null;
  mean: { num: number; den: number } | null;
  confirmed: number;
  assigned: number;
  recused: number;
  absent: number;
  complete: boolean;
}

export class Api {
  private constructor(private readonly url: string, private readonly cookie: string, readonly user: string) {}

  static async signIn(url: string, { name, password }: Account): Promise<Api> {
    const answer = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-binhchon': '1' },
      body: JSON.stringify({ name, password }),
    });
    if (!answer.ok) throw new Error(`${name} can't sign in: ${answer.status} ${await answer.text()}`);
    const { user } = (await answer.json()) as { user: string };
    return new Api(url, answer.headers.getSetCookie()[0]!.split(';')[0]!, user);
  }

  static anonymous(url: string): Api {
    return new Api(url, '', '');
  }

  request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { 'x-binhchon': '1', cookie: this.cookie };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return fetch(`${this.url}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  /** All of one's own operations that the server holds. */
  async pullAll(): Promise<PulledOp[]> {
    const ops: PulledOp[] = [];
    let cursor = '';
    for (let more = true; more; ) {
      const answer = await this.request('GET', `/api/v1/sync/pull?cursor=${encodeURIComponent(cursor)}`);
      if (!answer.ok) throw new Error(`pull: ${answer.status} ${await answer.text()}`);
      const page = (await answer.json()) as { cursor: string; more: boolean; ops: PulledOp[] };
      ops.push(...page.ops);
      ({ cursor, more } = page);
    }
    return ops;
  }

  async row(round: string, product: string): Promise<Row> {
    const answer = await this.request('GET', `/api/v1/rounds/${round}/totals`);
    if (!answer.ok) throw new Error(`totals: ${answer.status} ${await answer.text()}`);
    const { rows } = (await answer.json()) as { rows: Row[] };
    const row = rows.find(({ code }) => code === product);
    if (!row) throw new Error(`no ${product} in the totals of ${round}`);
    return row;
  }
}

export function envelope(op: PulledOp): Envelope {
  return JSON.parse(op.envelope) as Envelope;
}
