// The real server as a process of its own, with its own copy of the sample database.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { EDITION } from './sample';
import { binary, repository, site } from './product';

/** Its log says so once the address is its own. */
const SERVES = 'serving';

/** Fills one database with the edition of a folder; every test copies it. */
export function prepareSample(from = EDITION): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'binhchon-sample-'));
  execFileSync(binary, ['sample', '--from', from, '--data', folder], { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'], env: environment() });
  return folder;
}

/** Nothing of the caller's settings may reach the server under test. */
function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, BINHCHON_SITE: _site, ...rest } = process.env;
  return { ...rest, RUST_LIB_BACKTRACE: '0' };
}

/** A port that is free now, and stays the server's over its restarts. */
export async function freePort(): Promise<number> {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

export class Server {
  readonly url: string;
  log = '';
  private readonly backups: string[] = [];
  private process: ChildProcess | undefined;

  private constructor(readonly port: number, readonly data: string) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async withSample(prepared: string): Promise<Server> {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'binhchon-data-'));
    fs.cpSync(prepared, data, { recursive: true });
    const server = new Server(await freePort(), data);
    await server.start();
    return server;
  }

  /** Starts, on the same port and data as before, and waits until it takes requests. */
  async start(withSite = site, ...options: string[]): Promise<void> {
    const child = spawn(binary, ['serve', '--addr', `127.0.0.1:${this.port}`, '--data', this.data, '--site', withSite, ...options], {
      cwd: repository,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.log += text));
    const serves = new Promise<boolean>((resolve) => {
      let said = '';
      child.stderr.on('data', (text) => (said += text).includes(SERVES) && resolve(true));
      child.once('exit', () => resolve(false));
    });
    if (!(await serves)) throw new Error(`the server did not start:\n${this.log}`);
  }

  /** Asks it to end, as a deployment does, and waits until it has. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends it without a chance to finish anything. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Stopped, its data is copied; what it writes from then on is lost once that is put back. */
  async backUp(): Promise<() => Promise<void>> {
    const backup = fs.mkdtempSync(path.join(os.tmpdir(), 'binhchon-backup-'));
    this.backups.push(backup);
    await this.stop();
    fs.cpSync(this.data, backup, { recursive: true });
    await this.start();
    return async () => {
      await this.stop();
      fs.rmSync(this.data, { recursive: true });
      fs.cpSync(backup, this.data, { recursive: true });
      await this.start();
    };
  }

  async remove(): Promise<void> {
    await this.kill();
    for (const folder of [this.data, ...this.backups]) fs.rmSync(folder, { recursive: true, force: true });
  }
}
