import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { cli, start } from './program.ts';

/** A server that answers at an address, until it is closed. */
export interface Answering {
  readonly url: string;
  readonly model: string;
  /** Resident memory in MiB; undefined where the system does not tell. */
  memoryMib(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** `dramatis serve` in a process of its own. */
export async function ourServer(
  model: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Answering> {
  const given = ['serve', '--port', '0', '--json', '--gpu', 'off', '--model', model, ...args];
  const child = start(process.execPath, [cli, ...given], env);
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout!.resume();
    await healthy(url);
    return answering(child, url, model);
  }
  throw new Error('the server printed no address');
}

/** llama-server of the same source, on the same file, with as many slots as it is to have clients. */
export async function llamaServer(
  program: string,
  {
    path,
    threads,
    slots,
  }: { readonly path: string; readonly threads: number; readonly slots: number },
): Promise<Answering> {
  const port = 20_000 + (process.pid % 20_000) + slots;
  const child = start(program, [
    ...['-m', path, '-t', String(threads), '-np', String(slots), '-c', String(2048 * slots)],
    ...['--host', '127.0.0.1', '--port', String(port), '-ngl', '0', '--no-webui'],
  ]);
  child.stdout!.resume();
  const url = `http://127.0.0.1:${port}`;
  await healthy(url);
  return answering(child, url, 'any');
}

function answering(child: ReturnType<typeof start>, url: string, model: string): Answering {
  return {
    url,
    model,
    memoryMib: () => residentMib(child.pid!),
    close: async () => {
      const gone = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function residentMib(pid: number): Promise<number | undefined> {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

async function healthy(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/health`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** When the pieces of one answer were there, in milliseconds since it was asked for. */
export interface Arrivals {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly pieces: number;
  readonly text: string;
}

/** Asks for one chat completion as a stream and notes when its pieces come. */
export function streamedChat({ url, model }: Answering, body: object): Promise<Arrivals> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const json = JSON.stringify({ model, stream: true, ...body });
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer none',
      'content-length': Buffer.byteLength(json),
    };
    const asking = request(
      `${url}/v1/chat/completions`,
      { method: 'POST', headers },
      (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`${url} says ${response.statusCode}`));
          response.resume();
          return;
        }
        let [firstMs, lastMs, pieces, text, rest] = [0, 0, 0, '', ''];
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const now = performance.now() - begun;
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            if (!line.startsWith('data: {')) continue;
            const content = (
              JSON.parse(line.slice(6)) as { choices?: { delta?: { content?: string } }[] }
            ).choices?.[0]?.delta?.content;
            if (!content) continue;
            text += content;
            pieces++;
            firstMs ||= now;
            lastMs = now;
          }
        });
        response.on('end', () => resolve({ firstMs, lastMs, pieces, text }));
        response.on('error', reject);
      },
    );
    asking.on('error', reject);
    asking.end(json);
  });
}
