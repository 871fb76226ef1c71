import { api, asFailure, type Battle, type Failure } from '../api';
import { follow } from '../live/follow';
import type { TextPiece } from './writing';

const pollEvery = 2500; // milliseconds; only while the stream is silent

export const settled = (battle: Battle) => !['admitted', 'generating'].includes(battle.state);

/**
 * Tells each new state of a battle until its outputs are there or it has ended. Uses the
 * event stream, and asks by itself whenever that has been silent for a while.
 * Returns a function that stops it.
 */
export function watchMaking(
  id: string,
  onBattle: (battle: Battle) => void,
  onTrouble: (failure: Failure | null) => void,
  onText: (piece: TextPiece) => void = () => {},
): () => void {
  let stopped = false;
  let heardAt = Date.now();

  function take(battle: Battle) {
    if (stopped) return;
    heardAt = Date.now();
    onTrouble(null);
    if (settled(battle)) stop();
    onBattle(battle);
  }

  async function poll() {
    if (stopped || Date.now() - heardAt < pollEvery) return;
    try {
      take(await api.battle(id));
    } catch (error) {
      const failure = asFailure(error);
      if (stopped) return;
      if (!failure.passing) stop();
      onTrouble(failure);
    }
  }

  const stream = follow<Battle>(api.battleEvents(id), 'battle', take, undefined, {
    text: (piece) => {
      heardAt = Date.now();
      if (!stopped) onText(piece as TextPiece);
    },
  });
  const timer = setInterval(() => void poll(), pollEvery);

  function stop() {
    stopped = true;
    clearInterval(timer);
    stream.close();
  }
  return stop;
}
