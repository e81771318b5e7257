/** Letters that are written as two, or without their stroke, where a keyboard has no key for them. */
const written: Readonly<Record<string, string>> = {
  ...{ œ: 'oe', Œ: 'OE', æ: 'ae', Æ: 'AE', ß: 'ss', ſ: 's', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L' },
  ...{ đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'TH', ı: 'i' },
};

/** A text without accents, ligatures written out: "BÉLINE" → "BELINE", "Œdipus" → "OEdipus". What people type finds what is printed. */
export function folded(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  return text
    .replace(/[œŒæÆßſøØłŁđĐðÐþÞı]/g, (letter) => written[letter]!)
    .normalize('NFD')
    .replace(/(?<![иИ])[\u0300-\u036f]/g, '') // "й" is a letter of its own
    .normalize('NFC');
}
