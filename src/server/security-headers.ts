/**
 * What a browser may do with an answer: run the page's own script and nothing else, ask this server and nobody else, and
 * make no markup of text.
 */
const contentPolicy = (frames: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frames.length === 0 ? "'none'" : frames.join(' ')}`,
    "require-trusted-types-for 'script'",
  ].join('; ');

/**
 * Headers of every answer.
 *
 * @param frames Sites whose pages may show this one in a frame, such as "https://example.org"; none unless given.
 */
export const securityHeaders = (
  frames: readonly string[] = [],
): Readonly<Record<string, string>> => ({
  'content-security-policy': contentPolicy(frames),
  'x-content-type-options': 'nosniff',
  // It knows no list of sites; browsers that know the policy above leave it alone.
  ...(frames.length === 0 && { 'x-frame-options': 'DENY' }),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'origin-agent-cluster': '?1',
});
