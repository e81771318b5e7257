import type { Environment } from './events.ts';

/**
 * The proxy that a request goes through, as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say, in small letters or
 * capitals; undefined for none.
 *
 * In NO_PROXY a name stands for itself and all under it, "*" for all; a port may follow.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const named = (name: string): string | undefined =>
    env[name] || env[name.toUpperCase()] || undefined;
  const proxy =
    named(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? named('all_proxy');
  if (proxy === undefined || isExempt(url, named('no_proxy') ?? '')) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase();
  const usual = protocol === 'https:' ? '443' : '80';
  return list.split(/[,\s]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', at] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (at !== undefined && at !== (port || usual))) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}
