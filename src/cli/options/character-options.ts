import type { Argv } from 'yargs';

const playOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Id from "dramatis plays", or a file; by default the one play that has the character',
} as const;

const atOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Point in the story, such as 3.1 or 3.1.56; what comes after it is not known',
} as const;

/** Whom a command is about: a character and the play. */
export const castOptions = <T>(yargs: Argv<T>) =>
  yargs
    .positional('character', {
      type: 'string',
      demandOption: true,
      describe: 'Name in the cast, such as hamlet or "lady macbeth"',
    })
    .option('play', playOption);

/** Options that name a character, a play, and the point in the story. */
export const characterOptions = <T>(yargs: Argv<T>) => castOptions(yargs).option('at', atOption);

/** Options that name a character of a play, or one of the user's own. */
export const cardOptions = <T>(yargs: Argv<T>) =>
  yargs
    .positional('character', {
      type: 'string',
      describe: 'Name in the cast, such as hamlet or "lady macbeth", or of a card',
    })
    .option('play', playOption)
    .option('at', atOption)
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
