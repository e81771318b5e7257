import { SaxesParser } from 'saxes';

/** An element being read: its name without prefix, in lower case, and its attributes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a format does with the events of an XML text, in document order. */
export interface XmlReader {
  open(element: XmlElement, line: number): void;
  close(element: XmlElement, line: number): void;
  text(text: string, line: number): void;
}

/** How deep elements may nest; deeper ones are read as if they were this deep. */
const maxDepth = 1000;

/** Character entities that play texts use without declaring them. */
const entities: Record<string, string> = {
  nbsp: '\u00a0',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  aelig: 'æ',
  AElig: 'Æ',
  oelig: 'œ',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  icirc: 'î',
  ocirc: 'ô',
  ugrave: 'ù',
  uuml: 'ü',
  ouml: 'ö',
};

/**
 * Reads an XML text to its end, whatever is wrong with it. Entities that the text declares itself
 * are never expanded, and nothing outside the text is ever opened.
 */
export function readXml(text: string, reader: XmlReader): void {
  const parser = new SaxesParser({ position: true });
  Object.assign(parser.ENTITIES, entities);
  const stack: XmlElement[] = [];
  parser.on('error', () => {}); // Not well formed: what can be read is read, and the words are counted later.
  parser.on('opentag', (tag) => {
    const attributes = tag.attributes as Record<string, string>;
    const element = { name: tag.name.replace(/^.*:/, '').toLowerCase(), attributes };
    if (stack.length < maxDepth) stack.push(element);
    reader.open(element, parser.line);
  });
  parser.on('closetag', () => {
    const element = stack.pop();
    if (element) reader.close(element, parser.line);
  });
  parser.on('text', (part) => reader.text(part, parser.line));
  parser.on('cdata', (part) => reader.text(part, parser.line));
  parser.write(text).close();
}
