import { expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const hub = new URL('https://huggingface.co/api');
const local = new URL('http://127.0.0.1:9000/');

it('takes the proxy of the scheme, in small letters first, and ALL_PROXY for both', () => {
  expect(proxyFor(hub, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' })).toBe('http://p:1');
  expect(proxyFor(local, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'q:2' })).toBe('http://q:2');
  expect(proxyFor(hub, { https_proxy: 'http://s:3', HTTPS_PROXY: 'http://p:1' })).toBe(
    'http://s:3',
  );
  expect(proxyFor(hub, { ALL_PROXY: 'http://a:4' })).toBe('http://a:4');
  expect(proxyFor(hub, { HTTPS_PROXY: '' })).toBeUndefined();
  expect(proxyFor(hub, { https_proxy: '', HTTPS_PROXY: 'http://p:1' })).toBeUndefined();
});

it('goes past it to what NO_PROXY names', () => {
  const past = (url: URL, NO_PROXY: string): boolean =>
    proxyFor(url, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1', NO_PROXY }) === undefined;
  for (const list of ['*', 'huggingface.co', '.co', 'a.b, *.huggingface.co', 'huggingface.co:443'])
    expect(past(hub, list), list).toBe(true);
  for (const list of ['', 'face.co', 'huggingface.co:80', 'huggingface.com'])
    expect(past(hub, list), list).toBe(false);
  expect(past(local, 'localhost,127.0.0.1')).toBe(true);
  expect(past(local, '127.0.0.1:9000')).toBe(true);
  expect(past(local, '127.0.0.0/8')).toBe(true);
  expect(past(local, '10.0.0.0/8,127.0.0.1/99,hub/8')).toBe(false);
  const six = new URL('http://[fd00::1]:9000/');
  for (const list of ['fd00::1', '[fd00::1]', '[fd00::1]:9000', 'fd00::/8'])
    expect(past(six, list), list).toBe(true);
  expect(past(six, '[fd00::1]:80,fe80::/10')).toBe(false);
});

it('is refused by name where nothing can go through it', () => {
  const message = (HTTPS_PROXY: string): string => {
    try {
      return String(proxyFor(hub, { HTTPS_PROXY }));
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(message('socks5://u:secret@p:1')).toBe('HTTPS_PROXY names a proxy of the kind socks5://');
  expect(message('http://')).toBe('HTTPS_PROXY names no address of a proxy');
  expect(message('p:1')).toBe('http://p:1');
});
