import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { addonPath } from '../engine/compute.ts';
import type { RpcAddress } from '../engine/rpc/rpc-address.ts';

/** A server of a process of its own, which may be killed. */
export interface LentDevice extends AsyncDisposable {
  readonly address: RpcAddress;
  readonly process: ChildProcess;
}

/** Lends the processor on a free port until it is disposed of, or this process ends: one thread, on the bare addon. */
const script = `
  const addon = require(${JSON.stringify(addonPath())});
  addon.load(${JSON.stringify(join(dirname(addonPath()), '/'))}, []);
  addon.setThreads(1, false);
  const server = new addon.RpcServer('127.0.0.1', 0, []);
  process.stdin.on('end', () => process.exit()).resume();
  (async () => {
    console.log(server.port());
    while (await server.serveClient());
  })();`;

export async function lendDevice(): Promise<LentDevice> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    address: { host: '127.0.0.1', port: Number(port) },
    process: child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
