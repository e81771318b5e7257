import { BlockList, isIP } from 'node:net';
import { DramatisError } from '../errors.ts';
import type { Environment } from './events.ts';

/**
 * The proxy that a request goes through, as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say, in small letters or
 * capitals; undefined for none. One in small letters counts, even if it is empty.
 *
 * In NO_PROXY a name stands for itself and all under it, "10.0.0.0/8" for a network, "*" for all; a port may follow a name.
 *
 * @throws {DramatisError} FETCH_FAILED if what is named is no proxy that can be gone through.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const own = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const setTo = (name: string): string | undefined => env[name] ?? env[name.toUpperCase()];
  const named = setTo(own) || setTo('all_proxy');
  if (!named || isExempt(url, setTo('no_proxy') ?? '')) return undefined;
  const proxy = /^[a-z][a-z0-9+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  if (/^https?:$/.test(URL.canParse(proxy) ? new URL(proxy).protocol : '')) return proxy;
  const scheme = /^[^:]*:/.exec(proxy)![0];
  const what = /^https?:$/i.test(scheme)
    ? 'no address of a proxy'
    : `a proxy of the kind ${scheme}//`;
  throw new DramatisError(
    'FETCH_FAILED',
    `${setTo(own) ? own.toUpperCase() : 'ALL_PROXY'} names ${what}`,
    { remedy: `Give it as http://HOST:PORT, or unset it; NO_PROXY=${url.hostname} goes past it.` },
  );
}

function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const usual = protocol === 'https:' ? '443' : '80';
  return list.split(/[,\s]+/).some((entry) => {
    if (entry === '*') return true;
    if (isIP(entry.replace(/^\[|\]$/g, ''))) return host === entry.replace(/^\[|\]$/g, '');
    if (entry.includes('/')) return isWithin(host, entry);
    const [, name = '', at] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (at !== undefined && at !== (port || usual))) return false;
    return host === name.replace(/^\[|\]$/g, '') || host.endsWith(`.${name}`);
  });
}

/** Whether an address lies in a network such as "10.0.0.0/8". */
function isWithin(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const kind = isIP(address);
  if (kind === 0 || isIP(host) !== kind || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (kind === 4 ? 32 : 128)) return false;
  const family = kind === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family);
  return list.check(host, family);
}
