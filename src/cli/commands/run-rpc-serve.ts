import type { Gpu, Threads } from '../../engine/compute.ts';
import { nameOf } from '../../engine/rpc/rpc-address.ts';
import { RpcServer } from '../../engine/rpc/rpc-server.ts';
import { interrupted } from '../interrupt.ts';
import { output } from '../terminal/output.ts';

interface RpcServeRequest {
  readonly host: string;
  readonly port: number;
  readonly devices: readonly string[] | undefined;
  readonly trustNetwork: boolean;
  readonly threads: Threads;
  readonly gpu: Gpu;
  /** Process whose end ends this one. */
  readonly parent: number | undefined;
  readonly json: boolean;
}

/** How often a process looks whether its parent is there, in ms. */
const parentEveryMs = 500;

/** `dramatis rpc serve`: lends devices until Ctrl-C, SIGTERM, or the end of its parent. */
export async function runRpcServe(request: RpcServeRequest): Promise<void> {
  const { json, parent, trustNetwork: trustsNetwork } = request;
  using server = await RpcServer.open({ ...request, trustsNetwork });
  const { host, port, devices } = server;
  const signal = interrupted();
  const close = (): void => server[Symbol.dispose]();
  signal.addEventListener('abort', close, { once: true });
  process.once('SIGTERM', close);
  const watch = parent === undefined ? undefined : endWith(parent, close);
  if (json) output.jsonLine({ host, port, devices });
  else output.line(`${nameOf({ host, port })}\nLends ${devices.join(', ')}. Ctrl-C stops it.`);
  await server.serve();
  clearInterval(watch);
  signal.throwIfAborted();
}

function endWith(parent: number, close: () => void): NodeJS.Timeout {
  return setInterval(() => {
    if (!isThere(parent)) close();
  }, parentEveryMs);
}

function isThere(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
