import { describe, expect, it } from 'vitest';
import { runCommandLine } from './command-line.ts';

describe('A command that is not known', () => {
  const refusal = (...args: string[]) => runCommandLine(args).catch((error: unknown) => error);

  it('is named, with those that are like it or all there are', async () => {
    expect(await refusal('foo')).toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/^"dramatis" has no command "foo"; there are chat, .*, eval,/),
    });
    expect(await refusal('chta', 'hamlet')).toMatchObject({
      message: '"dramatis" has no command "chta"; did you mean chat?',
    });
    expect(await refusal('adapters', 'promot', '3f9a')).toMatchObject({
      message: '"dramatis adapters" has no command "promot"; did you mean promote?',
    });
  });

  it('is not taken for a subcommand that was left out: those there are are listed', async () => {
    expect(await refusal('adapters')).toMatchObject({
      message: expect.stringMatching(
        /^"dramatis adapters" wants one of: list, show, diff, promote,/,
      ),
    });
  });
});
