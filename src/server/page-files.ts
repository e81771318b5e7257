import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { errnoOf } from '../store/disk.ts';

/** Where the page is built. */
const built = fileURLToPath(new URL('page/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer;
  readonly tag: string;
}

/** The files of the page, read once: no name that a client gives ever reaches the disk. */
async function pageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined || name.endsWith('.test.js') || name.endsWith('.d.ts')) continue;
    const bytes = await readFile(join(folder, name));
    const tag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
    files.set(name, { type, bytes, zipped: gzipSync(bytes), tag });
  }
  return files;
}

/** The names that the page consists of; what tsc leaves beside them is none of it. */
const isPart = /^(?:index\.html|page\.js|style\.css|icon\.svg)$/;

/** Serves the page at "/", and its files under their names. */
export async function servePage(app: FastifyInstance, folder = built): Promise<void> {
  const files = await pageFiles(folder);
  for (const [name, file] of files) {
    if (!isPart.test(name)) continue;
    const url = name === 'index.html' ? '/' : `/${name}`;
    app.get(url, { schema: { hide: true } }, (request, reply) => {
      reply
        .header('etag', file.tag)
        .header('cache-control', 'no-cache')
        .header('vary', 'accept-encoding');
      if (request.headers['if-none-match'] === file.tag) return reply.code(304).send();
      const isZipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
      if (isZipped) reply.header('content-encoding', 'gzip');
      return reply.type(file.type).send(isZipped ? file.zipped : file.bytes);
    });
  }
  if (files.has('index.html')) return;
  app.get('/', { schema: { hide: true } }, (_, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .send('The page is not built here; the endpoints are: see /openapi.json.\n'),
  );
}

/** Serves the page of a demo: fewer files under the same names. */
export const serveDemoPage = (app: FastifyInstance): Promise<void> =>
  servePage(app, `${built}demo/`);
