import { effect, signal } from '@preact/signals';

/** What the reader sees the page in; `auto` is what the system has. */
export type Theme = 'auto' | 'light' | 'dark';

const kept = localStorage.getItem('dramatis.theme');
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');

effect(() => {
  const { value } = theme;
  if (value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  localStorage.setItem('dramatis.theme', value);
});

/** Light, dark, then as the system has it. */
export function turnTheme(): void {
  const after = { auto: 'light', light: 'dark', dark: 'auto' } as const;
  theme.value = after[theme.peek()];
}
