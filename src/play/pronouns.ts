const thou = /^(?:thou|thee|thy|thine|thyself|thou'(?:rt|lt|dst|ldst|st)|th'art)$/;
const you = /^(?:you|ye|your|yours|yourself|yourselves|you'(?:ll|re|ld|d|ve))$/;

/** How often somebody is called thou, and how often you: what rank and anger choose between. */
export function addressForms(words: readonly string[]): {
  readonly thou: number;
  readonly you: number;
} {
  return {
    thou: words.filter((word) => thou.test(word)).length,
    you: words.filter((word) => you.test(word)).length,
  };
}
