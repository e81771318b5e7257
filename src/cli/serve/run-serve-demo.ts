import { serveDemo } from '../../server/demo/serve-demo.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { defaultPort } from './default-port.ts';
import { openInBrowser } from './open-in-browser.ts';
import type { ServeRequest } from './run-serve.ts';
import { stopSignal } from './stop-signal.ts';

/** `dramatis serve --demo`: listens for strangers until Ctrl-C or SIGTERM. */
export async function runServeDemo(request: ServeRequest): Promise<void> {
  refuseOthers(request);
  const { json, host, port = defaultPort, model, plays, metricsPort } = request;
  const stop = stopSignal();
  using progress = new OpeningProgress();
  using dramatis = await openDramatis(request, progress.report);
  await using server = await serveDemo(dramatis, {
    ...{ host, port, model, plays, metricsPort },
    allowedHosts: request.allowHost,
    frames: request.allowFrame,
    trustsProxy: request.trustProxy,
    ...(json && { access: (access) => output.jsonLine(access) }),
    fault: (error) =>
      messages.line(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const { url, metricsUrl } = server;
  if (json) output.jsonLine({ url, ...(metricsUrl && { metricsUrl }) });
  else {
    output.line(
      `${url}\nA demo for strangers is there; nothing they say is kept. Ctrl-C stops it.`,
    );
    if (metricsUrl) output.line(`${metricsUrl}/metrics, on this machine alone`);
  }
  if (request.open) openInBrowser(url);
  await server.served.engine().then(
    () => progress.clear(),
    () => {}, // what is wrong is reported, and tried again with the next request
  );
  await stop;
  progress.clear();
  await server.close();
  interrupted().throwIfAborted();
}

/** @throws {UsageError} For what would undo a limit of a demo, or keep what strangers say. */
function refuseOthers(request: ServeRequest): void {
  const given = [
    ...(request.slots === undefined ? [] : ['--slots']),
    ...(request.window === undefined ? [] : ['--context']),
    ...(request.apiKeyFile === undefined ? [] : ['--api-key-file']),
    ...(request.allowOrigin === undefined ? [] : ['--allow-origin']),
    ...(request.unsafeNoKey ? ['--unsafe-no-key'] : []),
    ...(request.logPrompts ? ['--log-prompts'] : []),
  ];
  if (given.length > 0)
    throw new UsageError(`${given.join(' and ')}: not with --demo, which has limits of its own`);
}
