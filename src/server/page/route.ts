import { computed, signal } from '@preact/signals';
import { addressOf, type Route, routeOf } from './address.ts';

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** Where the page stands. */
export const route = computed(() => routeOf(hash.value));

/** Goes to a view. */
export function go(to: Route): void {
  location.hash = addressOf(to);
}
