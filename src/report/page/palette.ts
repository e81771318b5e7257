/** Blue and orange of the palette by Okabe and Ito, which the colour-blind can distinguish, on paper, screen and dark. */
export const palettes = {
  light: {
    paper: '#fdfcf9',
    ink: '#1c1b19',
    soft: '#6b6862',
    rule: '#dedad2',
    accent: '#0072b2',
    second: '#d55e00',
  },
  dark: {
    paper: '#171614',
    ink: '#ece9e2',
    soft: '#a39f97',
    rule: '#3a3833',
    accent: '#56b4e9',
    second: '#e69f00',
  },
  print: {
    paper: '#fff',
    ink: '#000',
    soft: '#444',
    rule: '#bbb',
    accent: '#0072b2',
    second: '#d55e00',
  },
} as const;

type Palette = Readonly<Record<string, string>>;

/** A palette as custom properties: `--paper: #fff; …`. */
export function customProperties(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');
}

/** An SVG with the palette's colours in place of `var(--…)`, for programs that know no custom properties. */
export function withColours(svg: string, palette: Palette): string {
  return svg.replace(/var\(--([a-z]+)\)/g, (whole, name: string) => palette[name] ?? whole);
}
