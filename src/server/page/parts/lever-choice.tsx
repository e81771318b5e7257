import { type LeverName, leverDescriptions } from '../../../steer/lever-descriptions.ts';

export interface LeverChoiceProps {
  readonly on: ReadonlySet<LeverName>;
  readonly setOn: (on: ReadonlySet<LeverName>) => void;
}

const levers = Object.entries(leverDescriptions) as readonly (readonly [LeverName, string])[];

/** The levers of steering, each with what it does. */
export function LeverChoice({ on, setOn }: LeverChoiceProps) {
  const toggle = (name: LeverName, isOn: boolean): void => {
    const next = new Set(on);
    if (isOn) next.add(name);
    else next.delete(name);
    setOn(next);
  };
  return (
    <details class="levers">
      <summary>
        How they are held to their part <span class="soft">{on.size} levers are on</span>
      </summary>
      <fieldset class="directors">
        <legend>Levers</legend>
        {levers.map(([name, about]) => (
          <label key={name} class={on.has(name) ? 'on' : ''}>
            <input
              type="checkbox"
              checked={on.has(name)}
              onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
            />
            <span>
              {name} <span class="soft">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
