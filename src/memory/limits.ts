/** How many passages are recalled unless asked otherwise. In a file of its own: the command line shows it without loading memory. */
export const defaultRecalled = 4;
