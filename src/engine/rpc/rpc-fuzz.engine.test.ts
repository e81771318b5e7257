import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LentDevice, lendDevice } from '../../testing/rpc-server.ts';
import type { RpcAddress } from './rpc-address.ts';
import { hello } from './rpc-servers.ts';

/** Frames that are sent; a night's run takes DRAMATIS_RPC_FRAMES=100000. */
const frames = Number(process.env.DRAMATIS_RPC_FRAMES ?? 400);

/** Numbers of ggml-rpc.cpp and ggml.h at the pinned release. */
const command = {
  alloc: 0,
  base: 3,
  free: 4,
  clear: 5,
  set: 6,
  setHash: 7,
  get: 8,
  copy: 9,
  compute: 10,
  init: 12,
  allocSize: 13,
  deviceCount: 15,
  recompute: 16,
  memset: 17,
} as const;
const op = { none: 0, add: 2, mapCustom1: 92, unary: 91, glu: 100, opCount: 101 } as const;
const tensorBytes = 296;
/** Where the fields of a tensor lie in its bytes. */
const at = { id: 0, type: 8, buffer: 12, ne: 20, nb: 36, op: 52, params: 56, src: 124, data: 220 };
const numbers = 16;

let lent: LentDevice;
beforeAll(async () => {
  lent = await lendDevice();
});
afterAll(() => lent[Symbol.asyncDispose]());

/** Numbers that a seed alone decides: mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function frame(kind: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head[0] = kind;
  head.writeBigUInt64LE(BigInt(payload.length), 1);
  return Buffer.concat([head, payload]);
}

/** A client that sends bytes as they are. */
class Client {
  readonly #socket: Socket;
  /** Says "heard" for each part of an answer, and at the end. */
  readonly #change = new EventEmitter();
  #heard = Buffer.alloc(0);
  isOpen = true;
  /** A buffer of the server's, and where it begins. */
  buffer = 0n;
  base = 0n;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#heard = Buffer.concat([this.#heard, data]);
      this.#change.emit('heard');
    });
    socket.on('error', () => {}); // it was sent away
    socket.on('close', () => {
      this.isOpen = false;
      this.#change.emit('heard');
    });
  }

  static async open({ host, port }: RpcAddress): Promise<Client> {
    const socket = connect({ host, port });
    const client = new Client(socket);
    await once(socket, 'connect');
    socket.write(hello());
    await client.#take(36);
    client.send(frame(command.alloc, numbers32(0, 4096, 0)));
    client.buffer = (await client.#take(24))!.readBigUInt64LE(8);
    client.send(frame(command.base, numbers64(client.buffer)));
    client.base = (await client.#take(16))!.readBigUInt64LE(8);
    return client;
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Whether the server has understood all so far: it is asked for its devices, and answers, hangs up, or waits for more. */
  async isHeard(patienceMs = 10_000): Promise<boolean> {
    this.send(frame(command.deviceCount, Buffer.alloc(0)));
    const answered = this.#until(() => this.#heard.subarray(-12).equals(oneDevice));
    const patience = setTimeout(() => this.#socket.destroy(), patienceMs);
    const isHeard = await answered;
    clearTimeout(patience);
    this.#heard = Buffer.alloc(0);
    return isHeard;
  }

  async close(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }

  async #take(bytes: number): Promise<Buffer | undefined> {
    if (!(await this.#until(() => this.#heard.length >= bytes))) return undefined;
    const taken = this.#heard.subarray(0, bytes);
    this.#heard = this.#heard.subarray(bytes);
    return taken;
  }

  async #until(condition: () => boolean): Promise<boolean> {
    while (!condition()) {
      if (!this.isOpen) return false;
      await once(this.#change, 'heard');
    }
    return true;
  }
}

const oneDevice = Buffer.concat([numbers64(4n), numbers32(1)]);

function numbers32(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

function numbers64(...values: bigint[]): Buffer {
  return Buffer.from(BigUint64Array.from(values).buffer);
}

/** Tensor `id`: 16 F32 numbers in the client's buffer, `id` times 64 bytes from its beginning. */
function tensor({ buffer, base }: Client, id: number, of: number = op.none): Buffer {
  const bytes = Buffer.alloc(tensorBytes);
  bytes.writeBigUInt64LE(BigInt(id), at.id);
  bytes.writeBigUInt64LE(buffer, at.buffer);
  for (const [i, n] of [numbers, 1, 1, 1].entries()) bytes.writeUInt32LE(n, at.ne + 4 * i);
  for (const [i, n] of [4, 64, 64, 64].entries()) bytes.writeUInt32LE(n, at.nb + 4 * i);
  bytes.writeUInt32LE(of, at.op);
  bytes.writeBigUInt64LE(base + BigInt(id * 64), at.data);
  return bytes;
}

/** Tensor 3 is what operation `of` makes of tensors 1 and 2. */
function graph(client: Client, of: number): Buffer {
  const node = tensor(client, 3, of);
  node.writeBigUInt64LE(1n, at.src);
  node.writeBigUInt64LE(2n, at.src + 8);
  // What would be called, if it were.
  if (of !== op.add) node.fill(0x41, at.params, at.params + 64);
  const tensors = [tensor(client, 1), tensor(client, 2), node];
  return frame(
    command.compute,
    Buffer.concat([numbers32(0, 1), numbers64(3n), numbers32(3), ...tensors]),
  );
}

/** Frames that hold one tensor or two, whole and right. */
function frameOf(kind: number, client: Client): Buffer {
  const one = tensor(client, 1);
  const part = numbers64(0n, 64n);
  const payloads = new Map<number, Buffer[]>([
    [command.base, [numbers64(client.buffer)]],
    [command.free, [numbers64(client.buffer)]],
    [command.clear, [numbers64(client.buffer), Buffer.of(7)]],
    [command.set, [one, Buffer.of(0), numbers64(0n), Buffer.alloc(64, 1)]],
    [command.setHash, [one, numbers64(0n, 5n)]],
    [command.get, [one, part]],
    [command.copy, [one, tensor(client, 2)]],
    [command.init, [one]],
    [command.allocSize, [numbers32(0), one, Buffer.alloc(10 * tensorBytes)]],
    [command.recompute, [numbers32(0)]],
    [command.memset, [one, part, Buffer.of(7)]],
  ]);
  return frame(kind, Buffer.concat(payloads.get(kind)!));
}

const kinds = Object.values(command).filter(
  (kind) => kind !== command.alloc && kind !== command.compute && kind !== command.deviceCount,
);

/** Operations that are custom or unknown, or, with what `graph` gives them, of an unknown kind. */
const refused = [92, 93, 94, 95, op.unary, op.glu, op.opCount, op.opCount + 1, 255, 2 ** 32 - 1];

/** A frame that is wrong somewhere, most of the time. */
function wrongFrame(client: Client, below: (n: number) => number): Buffer {
  const kind = below(10);
  if (kind === 0) return Buffer.from(Array.from({ length: 1 + below(64) }, () => below(256)));
  if (kind === 1) return graph(client, refused[below(refused.length)]!);
  const bytes = kind < 4 ? graph(client, op.add) : frameOf(kinds[below(kinds.length)]!, client);
  // Of a graph that is computed no shapes change: what fits together is the client's affair.
  const places = kind < 4 ? placesOfGraph(bytes.length) : undefined;
  for (let i = 0; i < 1 + below(4); ++i) {
    const place = places === undefined ? below(bytes.length) : places[below(places.length)]!;
    bytes[place] = below(3) === 0 ? [0, 1, 0x7f, 0x80, 0xff][below(5)]! : below(256);
  }
  return bytes;
}

/** The head, the counts, and of each tensor its buffer, sources and place. */
function placesOfGraph(length: number): number[] {
  const first = length - 3 * tensorBytes;
  const places = Array.from({ length: first }, (_, i) => i);
  for (let i = 0; i < 3; ++i)
    for (const [from, to] of [
      [at.id, at.type],
      [at.buffer, at.ne],
      [at.src, at.data + 8],
    ] as const)
      for (let byte = from; byte < to; ++byte) places.push(first + i * tensorBytes + byte);
  return places;
}

describe('A server', () => {
  it('computes a graph that is right', async () => {
    const client = await Client.open(lent.address);
    client.send(graph(client, op.add));
    expect(await client.isHeard()).toBe(true);
    await client.close();
  });

  it.each(Array.from({ length: 4 }, (_, i) => op.mapCustom1 + i))(
    'sends a client away whose graph has operation %i, which would call a function of its choice',
    async (of) => {
      const client = await Client.open(lent.address);
      client.send(graph(client, of));
      expect(await client.isHeard()).toBe(false);
      await client.close();
    },
  );

  it(`outlives ${frames} frames that are wrong, and serves the next client`, async () => {
    const below = randomFrom(1);
    let client = await Client.open(lent.address);
    let refused = 0;
    for (let i = 0; i < frames; ++i) {
      client.send(wrongFrame(client, below));
      // Part of a frame leaves the server waiting for the rest.
      if (await client.isHeard(30)) continue;
      refused++;
      await client.close();
      client = await Client.open(lent.address);
    }
    expect(refused).toBeGreaterThan(frames / 4);
    expect(lent.process.exitCode ?? lent.process.signalCode).toBeNull();
    await client.close();
    client = await Client.open(lent.address);
    client.send(graph(client, op.add));
    expect(await client.isHeard()).toBe(true);
    await client.close();
  }, 3_600_000);
});
