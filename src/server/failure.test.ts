import { describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { failureOf, Refusal, withoutPaths } from './failure.ts';

const misfits = (...validation: object[]) =>
  Object.assign(new Error('body'), { statusCode: 400, validation });

describe('What a failed request is answered with', () => {
  it('has a status, a code that clients know, and what to do', () => {
    const { status, body } = failureOf(new DramatisError('WINDOW_EXCEEDED', 'it has 9 tokens'));
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'context_length_exceeded',
      message: 'it has 9 tokens',
    });
    expect(body.error.remedy).toContain('--context');
    expect(failureOf(new DramatisError('MODEL_UNKNOWN', 'no')).body.error.code).toBe(
      'model_not_found',
    );
  });

  it('says when somebody who finds no room may ask again', () => {
    expect(failureOf(new DramatisError('BUSY', 'full'))).toMatchObject({
      status: 429,
      retryAfter: 2,
    });
    const refusal = new Refusal(429, 'too_many_streams', 'full', { retryAfter: 5 });
    expect(failureOf(refusal)).toMatchObject({ status: 429, retryAfter: 5 });
  });

  it('calls what another process holds a conflict, and not a server that is down', () => {
    const failure = failureOf(new DramatisError('LOCKED', 'the scene abc is open in process 7'));
    expect(failure).toMatchObject({
      status: 409,
      body: { error: { code: 'locked', type: 'invalid_request_error' } },
    });
    expect(failure.body.error.remedy).toBeTruthy();
  });

  it('tells nobody outside what went wrong inside', () => {
    const { status, body } = failureOf(new Error('secret at /home/anna/key'));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|anna/);
  });

  it('names the one parameter that is wrong, the deepest of several', () => {
    const { body } = failureOf(
      misfits(
        { instancePath: '', keyword: 'required', message: 'must have by' },
        {
          instancePath: '/messages/2/role',
          keyword: 'enum',
          params: { allowedValues: ['a', 'b'] },
        },
        { instancePath: '/messages/2/role', keyword: 'anyOf', message: 'must match' },
      ),
    );
    expect(body.error).toMatchObject({
      param: 'messages[2].role',
      message: 'messages[2].role must be one of a, b',
    });
  });

  it('leaves of a path of this machine its last name', () => {
    expect(withoutPaths('there is no file /home/anna/plays/x.md here')).toBe(
      'there is no file x.md here',
    );
    expect(withoutPaths('cannot read C:\\Users\\Anna\\x.gguf: no')).toBe('cannot read x.gguf: no');
    expect(withoutPaths('see /v1/models, /api/plays or 3.1/2')).toBe(
      'see /v1/models, /api/plays or 3.1/2',
    );
  });
});
