import { DramatisError } from '../../errors.ts';
import { compute, type Gpu, type Threads } from '../compute.ts';
import type { NativeRpcServer } from '../native.ts';
import { settle, settleNow } from '../settle.ts';
import { resolveRpcHost } from './rpc-address.ts';

/** What is lent, and where. */
export interface RpcServerOptions {
  /** A name or an IPv4 address of this machine. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Names of devices as "dramatis doctor" lists them; unless given, all GPUs, or else the CPU. */
  readonly devices?: readonly string[] | undefined;
  /** Whether others than this machine may be clients. */
  readonly trustsNetwork: boolean;
  readonly threads: Threads;
  readonly gpu: Gpu;
}

/**
 * Lends devices of this machine to one client at a time, who puts layers of a model on them.
 *
 * It holds the engine while a client is there: a process of its own is wanted for it.
 */
export class RpcServer implements Disposable {
  readonly host: string;
  readonly port: number;
  /** Names of the devices that are lent. */
  readonly devices: readonly string[];
  readonly #native: NativeRpcServer;

  private constructor(host: string, native: NativeRpcServer) {
    this.host = host;
    this.port = native.port();
    this.devices = native.devices();
    this.#native = native;
  }

  /**
   * Listens; clients that come before `serve` is called wait.
   *
   * @throws {DramatisError} USAGE for an address that others can reach, unless the network is trusted, for an address that
   *   cannot be had, and for a device that is not here; RPC_UNREACHABLE; NATIVE_MISSING
   */
  static async open(options: RpcServerOptions): Promise<RpcServer> {
    const { threads, gpu, devices = [] } = options;
    const host = await resolveRpcHost(options.host, options.trustsNetwork);
    const addon = compute({ threads, gpu });
    const names = addon.devices().map(({ name }) => name);
    const unknown = devices.find((device) => !names.includes(device));
    if (unknown !== undefined)
      throw new DramatisError('USAGE', `there is no device "${unknown}" here`, {
        remedy: `There are: ${names.join(', ')}.`,
      });
    return new RpcServer(
      host,
      settleNow(() => new addon.RpcServer(host, options.port, devices)),
    );
  }

  /** Serves one client after the other until it is disposed of. */
  async serve(): Promise<void> {
    while (await settle(this.#native.serveClient()));
  }

  /** Sends the client away and ends `serve`. Idempotent. */
  [Symbol.dispose](): void {
    this.#native.close();
  }
}
