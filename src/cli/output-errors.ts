import { reasonOf } from '../store/disk.ts';
import { endSaving } from './interrupt.ts';
import { messages } from './terminal/output.ts';

/** Exit code of a program whose reader has gone, as a shell gives it: 128 and SIGPIPE. */
const readerGone = 141;

/**
 * Decides, for the whole program, what becomes of an output that can no longer be written.
 *
 * A reader of results that has gone, as `head` does, wants no more: the command ends with 0, or, if it has something to save,
 * saves it and ends with 141. A disk that is full is a failure. Messages that nobody can read are left out, unless the
 * command saves: who started it has gone.
 */
export function watchOutputs(): void {
  let hasFailed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (hasFailed) return;
    hasFailed = true;
    const isGone = isReaderGone(error);
    const code = isGone ? readerGone : 1;
    if (!isGone) messages.line(`dramatis: cannot write standard output: ${reasonOf(error)}`);
    if (!endSaving('the output was closed', code)) process.exit(isGone ? 0 : 1);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (isReaderGone(error)) endSaving('the messages were closed', readerGone);
  });
}

const isReaderGone = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
