import type { Argv } from 'yargs';

/** Whom a command is about: a character and the play. */
export const castOptions = <T>(yargs: Argv<T>) =>
  yargs
    .positional('character', {
      type: 'string',
      demandOption: true,
      describe: 'Name in the cast, such as hamlet or "lady macbeth"',
    })
    .option('play', {
      type: 'string',
      requiresArg: true,
      describe:
        'Id from "dramatis plays", or a file; by default the one play that has the character',
    });

/** Options that name a character, a play, and the point in the story. */
export const characterOptions = <T>(yargs: Argv<T>) =>
  castOptions(yargs).option('at', {
    type: 'string',
    requiresArg: true,
    describe: 'Point in the story, such as 3.1 or 3.1.56; what comes after it is not known',
  });
