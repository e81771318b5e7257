import { displayName } from '../../play/cast/display-name.ts';
import { oneLine } from '../../prompt/quote.ts';
import type { StageState } from '../state.ts';
import { escapeMarkup } from './markup.ts';
import {
  type PrintedDirection,
  type PrintedTurn,
  type ScenePage,
  scenePage,
} from './scene-page.ts';

/**
 * A scene as TEI, as editions of plays are published: persons in the header, speeches with who speaks them, entrances and
 * exits with who moves. `parsePlay` reads it, so that a scene may be explored, trained on or played on like a play.
 *
 * @see https://tei-c.org/release/doc/tei-p5-doc/en/html/DR.html
 */
export function asTei(state: StageState): string {
  const page = scenePage(state);
  const names = namesIn(page);
  const idOf = (name: string): string => `#p${names.indexOf(name) + 1}`;
  const lines = page.lines.map((line) =>
    line.kind === 'turn' ? speech(line, idOf) : direction(line, idOf),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader>
<fileDesc>
<titleStmt><title>${inLine(page.title)}</title></titleStmt>
<publicationStmt><p>${inLine(page.origin)}</p></publicationStmt>
<sourceDesc><p>${inLine(page.time)}</p></sourceDesc>
</fileDesc>
<profileDesc><particDesc><listPerson>
${names.map(person).join('\n')}
</listPerson></particDesc></profileDesc>
</teiHeader>
<text><body>
<div type="act" n="${page.act}">
<div type="scene" n="${page.scene}">
${[...opening(page), ...lines].join('\n')}
</div>
</div>
</body></text>
</TEI>
`;
}

function namesIn({ cast, lines }: ScenePage): string[] {
  const spoken = lines.flatMap((line) => (line.kind === 'turn' ? [line.who] : []));
  const moved = lines.flatMap((line) => (line.kind === 'direction' ? (line.move?.who ?? []) : []));
  return [...new Set([...cast, ...moved, ...spoken])];
}

const person = (name: string, i: number): string =>
  `<person xml:id="p${i + 1}"><persName>${inLine(displayName(name))}</persName></person>`;

function opening({ heading, situation }: ScenePage): string[] {
  return [
    ...(heading ? [`<head>${inLine(heading)}</head>`] : []),
    ...(situation ? [`<stage type="setting">${inLine(situation)}</stage>`] : []),
  ];
}

function speech({ who, manner, text }: PrintedTurn, idOf: (name: string) => string): string {
  const how = manner ? `<stage type="delivery">${inLine(manner)}</stage>` : '';
  return `<sp who="${idOf(who)}"><speaker>${inLine(who)}</speaker>${how}<p>${inLine(text)}</p></sp>`;
}

function direction({ text, move, to }: PrintedDirection, idOf: (name: string) => string): string {
  if (to !== undefined) return `<note>To ${inLine(displayName(to))} alone: ${inLine(text)}</note>`;
  const type = move ? (move.kind === 'enter' ? 'entrance' : 'exit') : 'business';
  const who = move ? ` who="${move.who.map(idOf).join(' ')}"` : '';
  return `<stage type="${type}"${who}>${inLine(text)}</stage>`;
}

const inLine = (text: string): string => escapeMarkup(oneLine(text));
