/** Port of `dramatis serve`, unless another is asked for. */
export const defaultPort = 4870;
