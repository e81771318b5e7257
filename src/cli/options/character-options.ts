import type { Argv } from 'yargs';

/** What the positional `character` of every command is. */
export const characterPositional = {
  type: 'string',
  describe: 'Name in the cast, such as hamlet or "lady macbeth"',
} as const;

const playOption = <T>(yargs: Argv<T>) =>
  yargs.option('play', {
    type: 'string',
    requiresArg: true,
    describe: 'Id from "dramatis plays", or a file; by default the one play that has the character',
  });

const atOption = <T>(yargs: Argv<T>) =>
  yargs.option('at', {
    type: 'string',
    requiresArg: true,
    describe: 'Point in the story, such as 3.1 or 3.1.56; what comes after it is not known',
  });

/** Whom a command is about: a character and the play. */
export const castOptions = <T>(yargs: Argv<T>) =>
  playOption(yargs.positional('character', { ...characterPositional, demandOption: true }));

/** Options that name a play and the point in the story. */
export const placeOptions = <T>(yargs: Argv<T>) => atOption(playOption(yargs));

/** Options that name a character, a play, and the point in the story. */
export const characterOptions = <T>(yargs: Argv<T>) => atOption(castOptions(yargs));

/** Options that say who a character is, and what is spoken, otherwise than the play does. */
export const cardOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('card', {
      type: 'string',
      requiresArg: true,
      describe:
        'File that says who the character is: a card of yours, or a Tavern card (.json, .png)',
    })
    .option('language', {
      type: 'string',
      requiresArg: true,
      describe:
        'What the character speaks, such as German; by default what the play or the card says',
    })
    .option('period', {
      type: 'string',
      requiresArg: true,
      describe: 'The time whose words the character uses, such as 1895 or today',
    });
