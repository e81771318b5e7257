import type { DamagedJson } from '../../store/durable-json.ts';
import type { MeasuredRate, SettingsData, TrainerKernels } from '../../store/settings.ts';

/** Two sentences on settings that could not be read: what counts instead, and what to do. */
export function damagedSettings({ path, fault, instead }: DamagedJson): string {
  const counts =
    instead === 'previous' ? 'the settings before the last change count' : 'there are none';
  return `${path} is damaged: ${fault}. So ${counts}; choose again with "dramatis use NAME", which keeps the damaged file beside the new one.`;
}

/** The settings as a page of text: where they are, the model, then a line for each kind of processor and rate. */
export function settingsText(path: string, data: Readonly<SettingsData>): string {
  const { model, rates = [], trainer = {} } = data;
  return [
    `kept in   ${path}`,
    `model     ${model ?? 'none chosen'}`,
    ...Object.entries(trainer).map(
      ([processor, known]) => `kernels   ${kernelsText(known)} on ${processor}`,
    ),
    ...rates.map((rate) => `rate      ${rateText(rate)}`),
  ].join('\n');
}

function kernelsText({ chosen, kernels }: TrainerKernels): string {
  const own = chosen && `${chosen.kernels} (${chosen.precision}) chosen by the engine`;
  return [kernels && `${kernels} wanted`, own].filter(Boolean).join(', ') || 'not known yet';
}

function rateText({ what, file, kernels, tokensPerSecond, date }: MeasuredRate): string {
  const rate = tokensPerSecond.toFixed(tokensPerSecond < 100 ? 1 : 0);
  return `${what} ${rate} tokens/s  ${file}, ${kernels}, ${date.slice(0, 10)}`;
}
