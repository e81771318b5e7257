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
});
