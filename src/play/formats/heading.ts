import { numeral } from './numeral.ts';

/** One act or scene named in a heading. */
export interface HeadingPart {
  readonly level: 'act' | 'scene';
  /** The number printed, 0 for a prologue; absent if the heading has no numeral. */
  readonly number?: number;
  readonly text: string;
}

const act = /^(?:the\s+)?act(?:us|vs)?\b[.:,\s]*(?:the\s+)?([\w]+)\b[.,:;\s—–-]*/i;
const ordinalAct = /^(?:the\s+)?(first|second|third|fourth|fifth)\s+act\b[.,:;\s—–-]*/i;
const scene = /^(?:the\s+)?sc(?:o?en[ea]|æn[ea]|œn[ea]|aen[ea])\b[.:,\s]*(?:the\s+)?([\w]+)\b/i;
const shortScene = /^sc\.\s*([\w]+)\b/i;
const prologue = /^(?:the\s+)?(?:prolog(?:ue)?|induction|prelude)\b/i;
const epilogue = /^(?:the\s+)?(?:epilog(?:ue)?|chorus)\b/i;

/**
 * The act and the scene that a heading names: "ACT I", "Scene 2. The same.", "Actus Primus. Scoena
 * Prima.", "Act 1, Scene 2", "PROLOGUE". The texts of the parts, joined, are the heading.
 *
 * A prologue or induction is a scene numbered 0; an epilogue or chorus a scene without a number.
 *
 * @returns No parts if it names neither.
 */
export function headingParts(text: string): HeadingPart[] {
  const trimmed = text.trim();
  const opening = act.exec(trimmed) ?? ordinalAct.exec(trimmed);
  const actNumber = opening ? numeral(opening[1]!) : undefined;
  if (opening && actNumber !== undefined) {
    const rest = trimmed.slice(opening[0].length);
    const inner = headingParts(rest);
    if (inner[0]?.level === 'scene')
      return [{ level: 'act', number: actNumber, text: opening[0].trim() }, ...inner];
    return [{ level: 'act', number: actNumber, text: trimmed }];
  }
  const place = scene.exec(trimmed) ?? shortScene.exec(trimmed);
  const sceneNumber = place ? numeral(place[1]!) : undefined;
  if (sceneNumber !== undefined) return [{ level: 'scene', number: sceneNumber, text: trimmed }];
  if (prologue.test(trimmed)) return [{ level: 'scene', number: 0, text: trimmed }];
  if (epilogue.test(trimmed)) return [{ level: 'scene', text: trimmed }];
  return [];
}
