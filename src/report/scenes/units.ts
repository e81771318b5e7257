/** The unit by which a scene's figure gets its digits: times and counts have one after the point. */
export const asShown = (unit: string): string =>
  unit === 'ms' || unit === 's' || unit === 'turns' ? 'words' : unit;
