/** Words that only a stage direction begins with, whatever stands around it. */
const movementStart =
  /^(?:re-?enters?\b|enters?\b(?!,? (?:sir|here|in|into|not|there))|exit\b|exeunt\b|manet\b|manent\b)/i;
/** "Banquet prepar'd. Enter Macbeth": a short sentence, then an entrance. */
const lateEntrance = /^[A-Z][^.!?]{2,80}\. (?:Re-)?[Ee]nter (?:the |a |an |two |three )?[A-Z]/;
/** Sounds and shows that begin a direction, if it is a fragment of a few words or goes on with a movement. */
const soundStart =
  /^(?:a )?(?:long |short |dead |danish |great |confused |strange |within |solemn |soft )*(?:flourish(?:es)?|alarums?|alarms?|sennet|senet|hautboys|hoboyes|oboes|thunder|trumpets?|drums?|cornets?|music|musicke|musick|dumb[- ]?show|tucket|retreat|excursions|sounds?|knock(?:ing|s)?|noise|shouts?|storm|march|torches|kettle-?drums?|ordnance|bell rings?|cock crows|chambers discharged|horns?|peace of ordnance)\b/i;
const gestureStart =
  /^(?:aside|reads?|reading|sings?|singing|song|dies|they|he|she|it|both|all|within|beneath|above|below|behind|apart|kneel(?:s|ing)?|ris(?:es|ing)|draw(?:s|ing)|stab(?:s|bing)|giv(?:es|ing)|tak(?:es|ing)|writ(?:es|ing)|drinks?|wak(?:es|ing)|sleeps?|weeps?|embrac(?:es|ing)|kiss(?:es|ing)|point(?:s|ing)|lay(?:s|ing)|throw(?:s|ing)|fall(?:s|ing)|fight(?:s|ing)?|show(?:s|ing)|descends?|ascends?|vanish(?:es)?|advanc(?:es|ing)|retir(?:es|ing)|coming|putting|looking|snatch(?:es|ing)|leap(?:s|ing)|pours?|strikes?|beats?|speaks?|to (?:the )?[A-Z]\w+|the |a |an |another |apparition|ghost|banquet|lying|holding|turning|awakes?)\b/i;

/** "Salen DON DIEGO y TOMÉ", "Vanse", "Esce LUCIA": names in capitals, or nobody, move by them. */
const romanceMovement =
  /^(?:(?:[Ss]alen?|[Ee]ntran?|[Éé]ntra(?:n)?se|[Ee]sce|[Ee]scono|[Ee]ntrano|[Vv]an?se)\s(?:\p{Ll}{1,4}\s){0,3}(?=\p{Lu}{3})|(?:[Vv]anse|[Vv]ase)(?: tod[oa]s)?\W*$)/u;

/** The curtain, in the languages of the great collections. */
const curtain =
  /^(?:the |slow |quick |der |le |act[ -])?(?:curtain|drop(?=\W*$)|vorhang|rideau|tel[óo]n|sipario|занавес|завіса|rid[åa]|kurtyna|opona|függöny|esirippu|cortina|pano|teppe|doek|scherm)(?:\s(?:falls?|drops?|rises?|descends?|goes up|fällt|tombe|cae|cala|lento|lent|rapido|slowly|quickly))*[.!]?$/iu;

/** What the lights do, or nobody says, alone on its line. */
const lights =
  /^(?:(?:a |slow |quick )?black-?\s?out|fade (?:in|out|to black)|(?:the )?lights? (?:up|down|out|fades?|rises?|dims?|come up|go (?:down|out))(?: (?:on|to|in|slowly|quickly)\b[^.!?,]{0,40})?|(?:an )?(?:intermission|interval)|(?:an? )?(?:(?:long|short|brief) )?(?:pause|silence|beat))[.:]?$/i;

/** True for an unmarked line that can only be a direction: "Enter Ghost", "Exeunt", "Flourish. Enter …". */
export function isDirectionText(text: string): boolean {
  const bare = text.replace(/^[\s[(_*]+/, '');
  if (movementStart.test(bare) || lateEntrance.test(bare) || curtain.test(bare)) return true;
  if (romanceMovement.test(bare)) return true;
  if (!soundStart.test(bare)) return false;
  const rest = bare.replace(soundStart, '').trim();
  return (
    rest === '' ||
    /^\.\s/.test(rest) ||
    (/^[.,;&]?\s*(?:and |with |within|of |\w+ing\b)?/.test(rest) &&
      (/\b(?:enter|exeunt|exit|within|afar|off)\b/i.test(rest) || rest.split(/\s+/).length <= 3) &&
      !/[?!]|'s\b.*\bthe\b/.test(rest))
  );
}

/** True for words in italics or brackets that read like a direction, where emphasis would read otherwise. */
export function isGesture(text: string): boolean {
  const bare = text.replace(/^[\s[(_*,]+/, '');
  return isDirectionText(bare) || gestureStart.test(bare);
}

/** True for a line such as "Blackout." or "Pause.", where it is nobody's name. */
export function isStillText(text: string): boolean {
  return /^[^\p{L}]*\p{Lu}/u.test(text) && lights.test(text.replace(/^[\s[(_*]+|[\s\])_*]+$/g, ''));
}

/** True for a paragraph such as "Ben enters, wet through.", whose names need no capitals. */
export function isEntranceText(text: string): boolean {
  return /^(?:The |An? )?\p{Lu}[\p{L}\p{M}'’.-]*(?:,? (?:and )?\p{Lu}[\p{L}\p{M}'’.-]*){0,3} (?:re-?)?(?:enters?|exits?)(?![\p{L}])/u.test(
    text,
  );
}

/**
 * True for words set apart as "*shrugs* Gone." has them: they begin small, what is said before them has ended, and what is
 * said behind them begins.
 */
export function isAction(before: string, inner: string, behind: string): boolean {
  return (
    /^\p{Ll}/u.test(inner) &&
    /(?:^|[.!?…:”"’)\]*_—-])\s*$/u.test(before) &&
    /^(?:\s*$|:?\s+["“‘'(*_]*[\p{Lu}\p{N}—…])/u.test(behind)
  );
}

/** What a clause of a direction does to those it names. */
type Move = 'enter' | 'exit' | 'stay' | 'die' | 'none';

/** One movement: "Exeunt all but HAMLET" is `{ move: 'exit', who: '', but: 'HAMLET' }`. */
export interface Clause {
  readonly move: Move;
  /** The words that name who moves, as printed; empty if nobody is named. */
  readonly who: string;
  /** Those who do not move, of "all but …". */
  readonly but: string;
}

const verbs =
  /\b(?:(re-?enter(?:s|ing)?|enter(?:s|ing)?|appears?|arises?|rises?|ascends?|discovered|comes? (?:forward|in|down|forth|on|out)|advances?)|(exeunt|exits?|vanish(?:es)?|descends?|sinks?|disappears?|escapes?|goes (?:out|off|in|away)|go (?:out|off|in|away)|depart(?:s|eth)?|steals? (?:out|away)|runs? (?:out|off|away)|(?:is|are) (?:led|carried|borne|taken) (?:out|off|away))|(manet|manent|remains?|stays? behind)|(dies?|expires?|(?:is|are) slain))(?=[\s.,;:\]]|$)/gi;

const moves: readonly Move[] = ['enter', 'exit', 'stay', 'die'];

/**
 * The movements of a direction, in order.
 *
 * @param opening Before the first speech of a scene those named without a verb are found on stage:
 *   "FRANCISCO at his post. Enter to him BERNARDO".
 */
export function clauses(direction: string, opening: boolean): Clause[] {
  const found: Clause[] = [];
  let before: Move = opening ? 'enter' : 'none';
  for (const { text, runsOn } of sentences(direction)) {
    const parts = sentenceClauses(text, runsOn ? before : opening ? 'enter' : 'none');
    found.push(...parts);
    before = parts.at(-1)?.move ?? before;
  }
  return found;
}

/** Cut at stops; a part after a semicolon or colon goes on with the movement before it. */
function sentences(direction: string): { text: string; runsOn: boolean }[] {
  const text = direction.replace(/\s+/g, ' ').replace(/&\s?c\.?/g, 'and others');
  const parts: { text: string; runsOn: boolean }[] = [];
  let runsOn = false;
  for (const match of text.matchAll(/([^.;:]+)([.;:]|$)/g)) {
    if (match[1]!.trim() !== '') parts.push({ text: match[1]!.trim(), runsOn });
    runsOn = match[2] === ';' || match[2] === ':';
  }
  return parts;
}

function sentenceClauses(sentence: string, otherwise: Move): Clause[] {
  const found = [...sentence.matchAll(verbs)];
  if (found.length === 0) return [clause(otherwise, sentence)];
  const result: Clause[] = [];
  const lead = sentence.slice(0, found[0]!.index);
  found.forEach((verb, i) => {
    const move = moves[verb.slice(1).findIndex((group) => group !== undefined)]!;
    const end = verb.index + verb[0].length;
    const after = sentence.slice(end, found[i + 1]?.index);
    // "Ghost exits" names before the verb, "Exit Ghost" after it.
    const subject =
      i === 0 && /[A-Za-z]{2}/.test(lead) && !/^\W*(?:then|and|here|after \w+)\W*$/i.test(lead);
    if (subject && !(move === 'enter' && /^(?:re-?)?enter$/i.test(verb[0])))
      result.push(clause(move, lead));
    else {
      if (subject) result.push(clause(otherwise, lead));
      result.push(clause(move, after));
    }
  });
  return result;
}

function clause(move: Move, text: string): Clause {
  const except = /\b(?:all )?(?:but|except(?:ing)?|save)\s+(.*)$/i.exec(text);
  if (!except) return { move, who: text.trim(), but: '' };
  return { move, who: text.slice(0, except.index).trim(), but: except[1]! };
}
