import type { Winner } from '../api/types';
import { allSlots, type BattleFlow } from './battle-flow.svelte';

const winners: Record<string, Winner> = {
  a: 'a',
  b: 'b',
  c: 'c',
  d: 'd',
  t: 'tie',
  n: 'both_bad',
};

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  return target.matches('input') && !target.matches('[type=radio], [type=checkbox], [type=range]');
}

/** True while a dialog asks something: letters then mean nothing. */
function asked(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('dialog') !== null;
}

/** True where Enter already means something else. */
function takesEnter(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, summary, textarea') !== null;
}

/**
 * The keys of a battle: 1 and 2 play or go to a side, A, B, T and N choose, Enter submits; after the reveal
 * N is the next battle and R the same prompt again. Inert while a field is typed in.
 * Returns true if the key was used; `early` is called for a choice before the gate is open.
 */
export function battleKey(event: KeyboardEvent, flow: BattleFlow, early: () => void): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  if (typing(event.target) || asked(event.target)) {
    return false;
  }
  const key = event.key.toLowerCase();
  const numbered = allSlots['1234'.indexOf(key)];
  if (numbered) {
    const side = flow.side(numbered);
    side?.toggle();
    return side !== undefined;
  }
  if (flow.stage === 'judging') {
    const winner = winners[key];
    const fits = winner === 'tie' || winner === 'both_bad' || flow.slots.some((s) => s === winner);
    if (winner && fits) {
      if (flow.gate.open) flow.choose(winner);
      else early();
      return true;
    }
    if (event.key === 'Enter' && flow.choice && !takesEnter(event.target)) {
      void flow.submit();
      return true;
    }
  }
  if (flow.stage === 'revealed' && !flow.busy && (key === 'n' || key === 'r')) {
    void flow.next(key === 'r');
    return true;
  }
  return false;
}
