// A TLS proxy in front of the application, as in production: HTTP/2, or HTTP/1.1 for a browser without HTTP/2. WebKit
// needs it, because it does not keep a `Secure` cookie of an `http` address, not even on loopback.
//
// The proxy puts `noticeHydration` and `noticeListening` before the application's script, because WebKit's driver
// cannot run a script before those of the page.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { noticeHydration, noticeListening } from '../fixtures/test';

const NOTICES = `(${noticeHydration})();(${noticeListening})();\n`;

/** Headers that belong to one connection (RFC 9110 §7.6.1). HTTP/2 does not allow them (RFC 9113 §8.2.2). */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade'];

export class Front {
  /** Changes the HTML of each page. */
  alter: ((html: string) => string) | undefined;
  /** Refuses requests to these paths with 503. */
  readonly refused = new Set<string>();
  /** The paths of the requests that were answered. */
  readonly answered: string[] = [];
  /** Streams of events wait for this. */
  #streams: Promise<void> = Promise.resolve();
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Http2SecureServer,
    private readonly onward: { host: string; port: number },
  ) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (asked, answer) => this.#carry(asked, answer));
    // A browser may close a connection in the middle of a request. That is no failure of a test.
    server.on('sessionError', () => undefined);
  }

  /** Listens on a free port of loopback. The key and the certificate are kept in the folder. */
  static async start(folder: string, onwardPort: number): Promise<Front> {
    const server = createSecureServer({ ...certificate(folder), allowHTTP1: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new Front(server, { host: '127.0.0.1', port: onwardPort });
  }

  /** The origin of the application for browsers. */
  get origin(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Removes the changes of a test. */
  reset(): void {
    this.alter = undefined;
    this.refused.clear();
    this.answered.length = 0;
  }

  /** Holds streams of events back, like a slow network. Returns a function that lets them go on. */
  holdStreams(): () => void {
    let release = () => {};
    this.#streams = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await ended;
  }

  #carry(asked: Http2ServerRequest, answer: Http2ServerResponse): void {
    const path = asked.url.split('?')[0] ?? '';
    if (this.refused.has(path)) {
      answer.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"status":503}');
      return;
    }
    const isScript = /^\/pkg\/[^/]+\.js$/.test(path);
    const host = asked.authority ?? asked.headers.host;
    const headers = { ...withoutConnection(asked.headers), host };
    if (isScript || this.alter !== undefined) Object.assign(headers, { 'accept-encoding': 'identity' });
    const ask = request({ ...this.onward, method: asked.method, path: asked.url, headers }, (came) => {
      const isPage = came.headers['content-type']?.startsWith('text/html') === true;
      if (isScript && came.statusCode === 200) void change(came, answer, (script) => NOTICES + script);
      else if (isPage && this.alter !== undefined) void change(came, answer, this.alter);
      else this.#pass(came, answer);
    });
    ask.on('error', () => answer.stream?.destroy());
    answer.on('finish', () => this.answered.push(path));
    answer.on('close', () => ask.destroy());
    asked.pipe(ask);
  }

  #pass(came: IncomingMessage, answer: Http2ServerResponse): void {
    answer.writeHead(came.statusCode ?? 502, withoutConnection(came.headers));
    // HTTP/2 sends the headers without waiting for the body.
    if (answer instanceof ServerResponse) answer.flushHeaders();
    if (came.headers['content-type']?.startsWith('text/event-stream')) {
      came.on('data', (chunk: Buffer) => void this.#streams.then(() => answer.write(chunk)));
      came.on('close', () => void this.#streams.then(() => answer.end()));
    } else {
      came.pipe(answer);
    }
  }
}

async function change(came: IncomingMessage, answer: Http2ServerResponse, to: (text: string) => string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of came) chunks.push(chunk as Buffer);
  const { 'content-length': _, ...headers } = withoutConnection(came.headers);
  answer.writeHead(came.statusCode ?? 502, headers).end(to(Buffer.concat(chunks).toString()));
}

/** The headers to pass on: without those of the connection and without HTTP/2's pseudo-headers. */
function withoutConnection<T>(headers: Record<string, T>): Record<string, T> {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith(':') && !OF_THE_CONNECTION.includes(name));
  return Object.fromEntries(kept);
}

/** A self-signed certificate for `localhost`. */
function certificate(folder: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync(process.env.OPENSSL ?? 'openssl', ['req', '-x509', '-days', '2', ...curve, ...name, ...files], { stdio: 'pipe', timeout: 20_000 });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
