import { describe, expect, it } from 'vitest';
import { crossOriginHeaders, isPreflight } from './cross-origin.ts';

const allowed = ['https://friend.example'];
const from = (origin?: string, more: object = {}) => ({
  method: 'OPTIONS',
  headers: { ...(origin !== undefined && { origin }), ...more },
});

describe('A page of another site', () => {
  it('is handed answers if it is allowed by its exact name, and nobody else is', () => {
    expect(crossOriginHeaders(from('https://friend.example'), allowed)).toMatchObject({
      'access-control-allow-origin': 'https://friend.example',
      vary: 'origin',
    });
    for (const origin of [
      'https://friend.example.evil.com',
      'http://friend.example',
      'null',
      undefined,
    ]) {
      expect(crossOriginHeaders(from(origin), allowed), String(origin)).toEqual({});
      expect(crossOriginHeaders(from(origin), undefined), String(origin)).toEqual({});
    }
  });

  it('asks first whether it may, which is no request of its own', () => {
    const asks = { 'access-control-request-method': 'POST' };
    expect(isPreflight(from('https://friend.example', asks), allowed)).toBe(true);
    expect(isPreflight(from('https://friend.example'), allowed)).toBe(false);
    expect(isPreflight(from('https://evil.com', asks), allowed)).toBe(false);
  });
});
