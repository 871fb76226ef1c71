import type { Slot } from '../api/types';

/** Event `text` of a battle: of each side the characters from one position to another. */
export interface TextPiece {
  from: number;
  to: number;
  slots: { slot: Slot; text: string }[];
}

export type Written = Partial<Record<Slot, string>>;

/** What is written after a piece. Positions count code points; a piece may come again. */
export function withPiece(written: Written, piece: TextPiece): Written {
  return Object.fromEntries(
    piece.slots.map(({ slot, text }) => {
      const before = [...(written[slot] ?? '')].slice(0, piece.from).join('');
      return [slot, before + text];
    }),
  );
}
