/** Environment variable with the id of the process that looks after this one: when that ends, this one saves and ends. */
export const keeperVariable = 'DRAMATIS_KEEPER';
