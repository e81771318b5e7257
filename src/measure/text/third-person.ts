/** Who speaks, as far as names go; see `Replier`. */
interface Named {
  readonly names: readonly string[];
  readonly namesakes: readonly string[];
}

/** Words before a name that make it someone's name and nobody's doing: "I am Hamlet", "call me Hamlet". */
const naming =
  /(?:\b(?:am|i'm|i’m|be|is|me|him|called?|named?|name|as|i|this|art|dead|father|brother|old|young|king|queen|lady|late|o)\b[,:]?|[“"])\s*$/i;
const verb =
  '(?:is(?! my name\\b)|was|has|had|hath|does|did|doth|will|would|shall|should|can|could|may|might|must|says|said|saw|knew|knows|told|tells|thought|thinks|found|killed|gave|went|came|took|made|felt|heard|spoke|began|became|fell|fled|sent|wrote|stood|loves|wants|fears|hates|feels|who|[a-z]+(?:ed|eth))\\b';
/** What follows a name that does something: "Hamlet and Horatio then saw", "Hamlet, prince of Denmark, is". */
const doing = new RegExp(
  `^(?:\\s+and\\s+(?!I\\b)\\p{Lu}\\p{L}+|,\\s[^,.;:!?]{2,60},)?(?:\\s+(?:also|never|always|then|now|once|himself|herself|alone|only|still|often|not)){0,2}\\s+${verb}`,
  'u',
);
/** "The great Macbeth" is somebody else than the speaker, whatever follows. */
const the = /\bthe (?:great|noble|brave|good|young|mad|same) $/i;
/** A possessive with what is possessed: in "Hamlet's father" somebody else speaks, in "my name is Hamlet's" nobody else. */
const possession = /^['’]s?\s+\p{L}/u;

/** Whether a speaker tells of what somebody of the speaker's own name does or has. */
export function speaksInThirdPerson(text: string, { names, namesakes }: Named): boolean {
  const rest = namesakes
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, namesake) => left.replace(phrase(namesake), '…'), text);
  return names.some((name) =>
    [...rest.matchAll(phrase(name))].some(({ index, 0: found }) => {
      const after = rest.slice(index + found.length);
      if (the.test(rest.slice(0, index))) return true;
      if (!doing.test(after) && !possession.test(after)) return false;
      return !naming.test(rest.slice(Math.max(0, index - 20), index));
    }),
  );
}

function phrase(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}-])${escaped}(?![\\p{L}-])`, 'gu');
}
