import type { EndReason } from '../../../../stage/events.ts';

/** Why a scene ended, in words. */
export const endReasons: Readonly<Record<EndReason, string>> = {
  turns: 'ended: as long as it was to be',
  words: 'ended: as long as it was to be',
  tokens: 'ended: as long as it was to be',
  time: 'ended: its time is over',
  alone: 'ended: one is left alone',
  farewell: 'ended: they have taken leave',
  loop: 'ended: it went in circles',
  stalled: 'ended: nobody had more to say',
  script: 'ended: the script is over',
  silence: 'ended: all fell silent',
  human: 'ended by hand',
  memory: 'ended: no memory was left',
  error: 'ended: something went wrong',
};
