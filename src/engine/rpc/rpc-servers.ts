import { once } from 'node:events';
import { connect } from 'node:net';
import { DramatisError } from '../../errors.ts';
import { nameOf, type RpcAddress, resolveRpcHost } from './rpc-address.ts';

/** Servers whose devices compute for a model. */
export interface RpcOptions {
  readonly servers: readonly RpcAddress[];
  /** Whether servers on other machines may be used: see `resolveRpcHost`. */
  readonly trustsNetwork?: boolean | undefined;
}

/** Version of the protocol that is spoken here: RPC_PROTO_MAJOR_VERSION and RPC_PROTO_MINOR_VERSION of ggml-rpc.h. */
const protocol = { major: 7, minor: 0 } as const;
/** How long a server may take to answer, in ms. */
const patienceMs = 3000;

const helloCommand = 14;
/** Bytes of what each side can do beyond TCP: nothing. */
const capabilityBytes = 24;
const answerBytes = 8 + 4 + capabilityBytes;

/** Servers that answered once; they serve one client at a time, so that one which serves this process cannot again. */
const known = new Set<string>();

/**
 * Asks each server whether it is there and speaks the same protocol, before the engine connects to it, which would wait
 * long and say little.
 *
 * @returns Their addresses as "IPv4:port".
 * @throws {DramatisError} USAGE for another machine unless the network is trusted; RPC_UNREACHABLE; `signal.reason`.
 */
export async function requireRpcServers(
  { servers, trustsNetwork = false }: RpcOptions,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const server of servers) {
    const host = await resolveRpcHost(server.host, trustsNetwork);
    const name = nameOf({ host, port: server.port });
    if (!known.has(name)) await requireAnswer({ host, port: server.port }, signal);
    known.add(name);
    found.push(name);
  }
  return found;
}

/** Lets the servers be asked again before they are used the next time: one of them was lost. */
export function forgetRpcServers(servers: readonly string[]): void {
  for (const server of servers) known.delete(server);
}

async function requireAnswer(address: RpcAddress, signal?: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs);
  const ending = signal === undefined ? patience : AbortSignal.any([signal, patience]);
  try {
    const fault = faultOf(await helloOf(address, ending));
    if (fault !== undefined) throw unreachable(address, fault);
  } catch (error) {
    signal?.throwIfAborted();
    if (patience.aborted)
      throw unreachable(
        address,
        `does not answer within ${patienceMs / 1000} s: it serves another client, or is no RPC server`,
      );
    if (error instanceof DramatisError) throw error;
    throw unreachable(address, `cannot be reached: ${messageOf(error)}`, error);
  }
}

function faultOf(version: Version | undefined): string | undefined {
  if (version === undefined) return 'is no RPC server: it hangs up';
  const { major, minor } = version;
  if (major === protocol.major && minor === protocol.minor) return undefined;
  return `speaks version ${major}.${minor} of the protocol, and ${protocol.major}.${protocol.minor} is spoken here`;
}

interface Version {
  readonly major: number;
  readonly minor: number;
}

/** What a server says when it is greeted; undefined if it hangs up before it has said all. */
async function helloOf(
  { host, port }: RpcAddress,
  signal: AbortSignal,
): Promise<Version | undefined> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    socket.write(hello());
    let answer = Buffer.alloc(0);
    while (answer.length < answerBytes) {
      const [chunk] = (await Promise.race([
        once(socket, 'data', { signal }),
        once(socket, 'close', { signal }).then(() => [undefined]),
      ])) as [Buffer | undefined];
      if (chunk === undefined) return undefined;
      answer = Buffer.concat([answer, chunk]);
    }
    if (answer.readBigUInt64LE(0) !== BigInt(answerBytes - 8)) return undefined;
    return { major: answer[8]!, minor: answer[9]! };
  } finally {
    socket.destroy();
  }
}

/** A greeting: the command in a byte, the length of what follows in eight, and what follows. */
export function hello(): Buffer {
  const message = Buffer.alloc(1 + 8 + capabilityBytes);
  message[0] = helloCommand;
  message.writeBigUInt64LE(BigInt(capabilityBytes), 1);
  return message;
}

const messageOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const unreachable = ({ host, port }: RpcAddress, why: string, cause?: unknown): DramatisError =>
  new DramatisError('RPC_UNREACHABLE', `the RPC server ${nameOf({ host, port })} ${why}`, {
    cause,
  });
