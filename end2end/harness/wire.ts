// The network between one browser and the server: it can be cut, cut at a chosen moment of a request, or become a hotel's
// captive portal. It remembers every byte of text that reached the browser.

import http from 'node:http';
import type net from 'node:net';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { freePort } from './server';

/** When, within one request, the network goes. */
export type Moment =
  /** Half of the request's body has reached the server. */
  | 'half a request'
  /** The whole request has left; whether the server has worked on it is chance. */
  | 'request sent'
  /** The server has answered; the answer is lost. */
  | 'answer lost';

interface PlannedCut { path: string; moment: Moment; happened: () => void }

const PORTAL_PAGE = '<!doctype html><html><head><title>Hotel Wi-Fi</title></head><body><h1>Please sign in</h1></body></html>';

export class Wire {
  /** Bodies of all answers but assets, as the browser got them. */
  readonly received: string[] = [];
  /** `POST /api/v1/sync/push 200`, in the order of the answers. */
  readonly exchanges: string[] = [];
  private portal = false;
  private planned: PlannedCut | undefined;
  private listener: http.Server | undefined;
  private readonly sockets = new Set<net.Socket>();

  private constructor(readonly port: number, private readonly target: number) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async to(server: { port: number }): Promise<Wire> {
    const wire = new Wire(await freePort(), server.port);
    await wire.mend();
    return wire;
  }

  /** The network is back. */
  async mend(): Promise<void> {
    this.portal = false;
    if (this.listener) return;
    this.listener = http.createServer((request, response) => this.carry(request, response));
    this.listener.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    this.listener.listen(this.port, '127.0.0.1');
    await once(this.listener, 'listening');
  }

  /** No network: open connections break, new ones are refused. */
  cut(): void {
    this.listener?.close();
    this.listener = undefined;
    for (const socket of this.sockets) socket.destroy();
  }

  /** From now on every address answers the hotel's page. */
  becomePortal(): void {
    this.portal = true;
  }

  /** Cuts the network at that moment of the next request to `path`. */
  cutDuring(path: string, moment: Moment): Promise<void> {
    return new Promise((happened) => (this.planned = { path, moment, happened }));
  }

  private carry(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = request.url?.split('?')[0] ?? '/';
    if (this.portal) {
      this.exchanges.push(`${request.method} ${path} portal`);
      response.writeHead(200, { 'content-type': 'text/html' }).end(PORTAL_PAGE);
    } else if (this.planned?.path === path) {
      const planned = this.planned;
      this.planned = undefined;
      void this.carryUntilCut(request, planned);
    } else {
      const onward = this.onward(request, (answer) => this.deliver(request, path, answer, response));
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    }
  }

  private deliver(request: http.IncomingMessage, path: string, answer: http.IncomingMessage, response: http.ServerResponse): void {
    this.exchanges.push(`${request.method} ${path} ${answer.statusCode}`);
    response.writeHead(answer.statusCode!, answer.rawHeaders);
    if (!path.startsWith('/assets/')) this.remember(answer);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  }

  private remember(answer: http.IncomingMessage): void {
    const decoder = new StringDecoder('utf8');
    const place = this.received.push('') - 1;
    answer.on('data', (chunk: Buffer) => (this.received[place] += decoder.write(chunk)));
  }

  private async carryUntilCut(request: http.IncomingMessage, { moment, happened }: PlannedCut): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const cutNow = () => {
      this.cut();
      happened();
    };
    const onward = this.onward(request, (answer) => answer.resume().on('end', () => moment === 'answer lost' && cutNow()));
    onward.on('error', () => undefined);
    if (moment === 'half a request') onward.write(body.subarray(0, body.length / 2), cutNow);
    else onward.end(body, () => moment === 'request sent' && cutNow());
  }

  /** The same request to the server, but for an answer that can be read as it is. */
  private onward(request: http.IncomingMessage, answered: (answer: http.IncomingMessage) => void): http.ClientRequest {
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    return http.request({ host: '127.0.0.1', port: this.target, method: request.method, path: request.url, headers, agent: false }, answered);
  }
}
