/**
 * A grammar of what ends after no comma, semicolon or colon, quotation marks after it or not; no line ends there either. A
 * small model breaks off so in one turn of seven on the page of a play, in which no speech of 1,787 does.
 */
export const wholeSentences = `root ::= unit*
unit ::= [^,;:] | [,;:]+ closing* follows
follows ::= " "+ [^,;: \\t\\r\\n] | [^,;:"'”’) \\t\\r\\n]
closing ::= ["'”’)]
`;
