import { readFile } from 'node:fs/promises';
import { DramatisError } from '../../errors.ts';
import { type Server, serve } from '../../server/serve.ts';
import { refuseDevice } from '../../store/read-file-bytes.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { defaultPort } from './default-port.ts';
import { openInBrowser } from './open-in-browser.ts';
import { stopSignal } from './stop-signal.ts';

export interface ServeRequest extends WorkspaceOptions {
  readonly host: string;
  readonly port: number | undefined;
  readonly open: boolean;
  readonly json: boolean;
  readonly logPrompts: boolean;
  readonly model: string | undefined;
  readonly plays: readonly string[] | undefined;
  readonly slots: number | undefined;
  readonly window: number | undefined;
  readonly allowHost: readonly string[] | undefined;
  readonly allowOrigin: readonly string[] | undefined;
  readonly apiKeyFile: string | undefined;
  readonly unsafeNoKey: boolean;
  /** Options of a demo, which no other server has. */
  readonly trustProxy: boolean;
  readonly allowFrame: readonly string[] | undefined;
  readonly metricsPort: number | undefined;
}

/** `dramatis serve`: listens until Ctrl-C or SIGTERM, then ends within seconds, with nothing lost. */
export async function runServe(request: ServeRequest): Promise<void> {
  const { json, host, port = defaultPort, model, slots, window, plays } = request;
  refuseDemoOptions(request);
  const keys = request.apiKeyFile === undefined ? [] : await keysIn(request.apiKeyFile);
  const stop = stopSignal();
  using progress = new OpeningProgress();
  using dramatis = await openDramatis(request, progress.report);
  await using server = await serve(dramatis, {
    ...{ host, port, keys, model, slots, window, plays },
    allowedHosts: request.allowHost,
    allowedOrigins: request.allowOrigin,
    isOpenToAll: request.unsafeNoKey,
    ...(json && { access: (access) => output.jsonLine(access), logsBodies: request.logPrompts }),
    fault: (error) =>
      messages.line(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  tellWhere(server, json);
  if (request.open) openInBrowser(server.url);
  await server.served.engine().then(
    () => progress.clear(),
    () => {}, // what is wrong is reported, and tried again with the next request
  );
  await stop;
  progress.clear();
  messages.line('Stopping: what is being said is kept.');
  await server.close();
  interrupted().throwIfAborted();
}

function tellWhere({ url }: Server, json: boolean): void {
  if (json) output.jsonLine({ url });
  else
    output.line(`${url}\nThe page is there, and /v1 for clients of OpenAI’s API. Ctrl-C stops it.`);
}

function refuseDemoOptions({ trustProxy, allowFrame, metricsPort }: ServeRequest): void {
  const given = [
    ...(trustProxy ? ['--trust-proxy'] : []),
    ...(allowFrame ? ['--allow-frame'] : []),
    ...(metricsPort === undefined ? [] : ['--metrics-port']),
  ];
  if (given.length > 0) throw new UsageError(`${given.join(' and ')}: only with --demo`);
}

/** @throws {DramatisError} FILE_MISSING, or USAGE for a file without a key. */
async function keysIn(file: string): Promise<readonly string[]> {
  await refuseDevice(file);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new DramatisError('FILE_MISSING', `cannot read ${file}`, { cause: error });
  });
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length > 0) return keys;
  throw new UsageError(`${file} has no key in it; one on a line is wanted`);
}
