const stderr = process.stderr;

/** Shows on stderr how far the reading for a control vector has come: in place on a terminal, else one line. */
export function showControl(character: string): (fraction: number) => void {
  const inPlace = stderr.isTTY && !process.env.CI && process.env.TERM !== 'dumb';
  const text = `Reading what ${character} says and what others say`;
  return (fraction) => {
    if (inPlace) {
      const now = `${text}: ${Math.round(100 * fraction)} %`;
      stderr.write(fraction < 1 ? `\r\x1b[K${now}` : '\r\x1b[K');
    } else if (fraction === 0 && !process.env.CI) {
      stderr.write(`${text}, once\n`);
    }
  };
}
