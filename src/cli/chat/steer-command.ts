import { leverDescriptions } from '../../steer/lever-descriptions.ts';
import { leverNames, parseLeverNames } from '../../steer/lever-names.ts';
import type { LeverCost } from '../../steer/steering.ts';
import type { SteeringLevers } from '../../steer/steering-levers.ts';
import { UsageError } from '../failure.ts';
import { numberFrom } from '../options/model-options.ts';

/**
 * `/steer`: alone it lists the levers; "verse on", "ban,verse off", "+verse,-ban", "off", "strength 0.5", "contrast 2" and
 * "control 1.5" change them from the next answer on; "grammar" shows the pushes as a weighted grammar.
 *
 * @param costs Of the last answer.
 * @returns     What to tell.
 * @throws {DramatisError} USAGE
 */
export async function steerCommand(
  levers: SteeringLevers,
  asked: string | undefined,
  costs: readonly LeverCost[] = [],
): Promise<string> {
  if (asked === undefined) return leverList(levers, costs);
  const [names = '', value = 'on'] = asked.split(/\s+/);
  if (names === 'strength') {
    levers.strength = numberFrom('/steer strength', -10, 10)(value) ?? 1;
    return `The levers push ${levers.strength} times as strongly.`;
  }
  if (names === 'grammar') return levers.recipe();
  if (names === 'off' || names === 'on' || /^[+-]/.test(names)) {
    const wanted = parseLeverNames(names, levers.on);
    for (const name of leverNames) await levers.turn(name, wanted.includes(name));
    return stateOf(levers);
  }
  const isSwitch = value === 'on' || value === 'off';
  if (names === 'contrast' && !isSwitch) {
    levers.alpha = numberFrom('/steer contrast', 0, 10, '"on" or "off"')(value) ?? levers.alpha;
    await levers.turn('contrast', true);
  } else if (names === 'control' && !isSwitch) {
    const gain = numberFrom('/steer control', -20, 20, '"on" or "off"')(value);
    levers.controlGain = gain ?? levers.controlGain;
    await levers.turn('control', true);
  } else {
    if (!isSwitch) throw new UsageError(`/steer ${names} is "${value}"; "on" or "off" is wanted`);
    for (const name of parseLeverNames(names)) await levers.turn(name, value === 'on');
  }
  return stateOf(levers);
}

function stateOf({ on }: SteeringLevers): string {
  return on.length === 0 ? 'Nothing is steered now.' : `Steered now: ${on.join(', ')}.`;
}

function leverList(levers: SteeringLevers, costs: readonly LeverCost[]): string {
  const rows = leverNames.map((name) => {
    const state = levers.isOn(name) ? 'on ' : 'off';
    const cost = costs.find(({ lever }) => lever === name);
    return `${name.padEnd(11)}${state}  ${leverDescriptions[name]}${cost ? ` (${costText(cost)})` : ''}`;
  });
  const strengths = [
    `strength   ${levers.strength}`,
    `contrast   α = ${levers.alpha}`,
    `control    ${levers.controlGain} times`,
  ];
  return [...rows, ...strengths].join('\n');
}

/** Such as "0.02 ms a token", or "2.7 s a reply". */
export function costText({ ms, count, per }: LeverCost): string {
  const each = ms / Math.max(1, count);
  if (each >= 1000) return `${(each / 1000).toFixed(1)} s a ${per}`;
  return `${Number(each.toPrecision(2))} ms a ${per}`;
}
