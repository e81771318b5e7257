import { stringify } from 'csv-stringify/sync';
import type { Play, SceneElement } from '../play.ts';

/**
 * A play as a table, a printed line to a row, that the parser reads back into the same speeches.
 *
 * Columns: act, scene, line (of speech, within the scene), turn (number of the speech within the
 * scene), kind (speech or direction), speaker (joint speakers joined by " & "), text.
 */
export function playToCsv(play: Play): string {
  const rows: (string | number)[][] = [];
  for (const act of play.acts)
    for (const scene of act.scenes) {
      let turn = 0;
      for (const element of scene.elements) {
        if (element.kind === 'speech' && !element.continued) turn++;
        for (const row of elementRows(element, turn))
          rows.push([play.title, act.number, scene.number, ...row]);
      }
    }
  const columns = ['play', 'act', 'scene', 'line', 'turn', 'kind', 'speaker', 'text'];
  return stringify(rows, { header: true, columns, record_delimiter: 'unix' });
}

function elementRows(element: SceneElement, turn: number): (string | number)[][] {
  if (element.kind === 'direction') return [['', '', 'direction', '', element.text]];
  const first = Number(element.place.split('.')[2]);
  const speakers = element.speakers.join(' & ');
  return element.lines.map((line, i) => [first + i, turn, 'speech', speakers, line]);
}
