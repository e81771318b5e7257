import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { DramatisError } from '../../errors.ts';

/** Where a server of llama.cpp's RPC back-end listens. */
export interface RpcAddress {
  /** A name or an IPv4 address: the back-end knows no others. */
  readonly host: string;
  readonly port: number;
}

/**
 * The addresses of "host:port,host:port", none of them twice.
 *
 * @throws {DramatisError} USAGE
 */
export function parseRpcAddresses(text: string): readonly RpcAddress[] {
  const addresses = text.split(',').map((one) => addressOf(one.trim()));
  const names = addresses.map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DramatisError('USAGE', `--rpc names ${twice} twice`);
  return addresses;
}

/** Such as "127.0.0.1:50052". */
export const nameOf = ({ host, port }: RpcAddress): string => `${host}:${port}`;

function addressOf(text: string): RpcAddress {
  const [, host, port] = /^([^\s:,[\]]+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535)
    return { host, port: Number(port) };
  throw new DramatisError('USAGE', `"${text}" is no address of an RPC server`, {
    remedy: 'Give host:port, such as 127.0.0.1:50052, and several with commas between them.',
  });
}

/**
 * The IPv4 address of a host, which must be this machine itself unless the network is trusted: the protocol has neither
 * passwords nor encryption, and whoever reaches a server can compute on it.
 *
 * @throws {DramatisError} USAGE for another machine; RPC_UNREACHABLE for a name that nobody knows.
 */
export async function resolveRpcHost(host: string, trustsNetwork: boolean): Promise<string> {
  const found = isIPv4(host)
    ? host
    : await lookup(host, { family: 4 }).then(
        ({ address }) => address,
        (error: unknown) => {
          throw new DramatisError('RPC_UNREACHABLE', `no IPv4 address of "${host}" is known`, {
            cause: error,
          });
        },
      );
  if (found.startsWith('127.') || trustsNetwork) return found;
  throw new DramatisError(
    'USAGE',
    `${host} is not this machine, and RPC has neither passwords nor encryption`,
    {
      remedy:
        'Forward a port, as with "ssh -L 50052:127.0.0.1:50052 HOST"; or, in a network that only you can reach, such as that of a job on a cluster, add --trust-network.',
    },
  );
}
