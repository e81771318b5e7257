import { describe, expect, it } from 'vitest';
import { parseRpcAddresses, resolveRpcHost } from './rpc-address.ts';

describe('parseRpcAddresses', () => {
  it('reads names and addresses with commas between them', () => {
    expect(parseRpcAddresses('127.0.0.1:50052, node-7:1')).toEqual([
      { host: '127.0.0.1', port: 50_052 },
      { host: 'node-7', port: 1 },
    ]);
  });

  it.each(['', 'node', 'node:', 'node:0', 'node:65536', ':1', 'a:1,', '[::1]:1', 'http://a:1'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseRpcAddresses(text)).toThrow(/is no address of an RPC server/);
    },
  );

  it('refuses a server that is named twice', () => {
    expect(() => parseRpcAddresses('a:1,b:1,a:1')).toThrow('--rpc names a:1 twice');
  });
});

describe('resolveRpcHost', () => {
  it('takes what is this machine itself', async () => {
    expect(await resolveRpcHost('127.0.0.2', false)).toBe('127.0.0.2');
    expect(await resolveRpcHost('localhost', false)).toBe('127.0.0.1');
  });

  it('takes others only where the network is trusted', async () => {
    await expect(resolveRpcHost('10.1.2.3', false)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(resolveRpcHost('0.0.0.0', false)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await resolveRpcHost('10.1.2.3', true)).toBe('10.1.2.3');
  });
});
