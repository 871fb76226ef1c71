import { api, asFailure, type Arena, type Battle, type Failure, type Gate } from '../api';
import type { Answer, ExposureKind, Receipt, Slot, Winner } from '../api';
import { Intent } from '../api/intent';
import { withRetry, type Wait } from '../api/retry';
import type { Judgments } from '../api';
import { Attention } from './attention';
import { ExposureQueue, type Waiting } from './exposure-queue';
import { fullness, remaining } from './heard';
import { keep, nothingKept, recall } from './keep';
import { settled, watchMaking } from './making';
import { withPiece, type Written } from './writing';
import { fieldsOf, requestOf, type FieldValue, type RequestField } from './request-form';
import type { Side, SideListener } from './side';
import { SlotPlayer } from './slot-player.svelte';
import { SlotReader } from './slot-reader.svelte';

export type Stage = 'loading' | 'prompt' | 'making' | 'judging' | 'revealed' | 'ended';
const nothingHeard: Readonly<Record<Slot, number>> = { a: 0, b: 0, c: 0, d: 0 };
export const allSlots = ['a', 'b', 'c', 'd'] as const;
type Creation = {
  prompt: string;
  prompt_source: 'typed' | 'random';
  request?: Record<string, FieldValue>;
};

/** One battle from the prompt to the reveal, as the page shows it. */
export class BattleFlow implements SideListener {
  stage = $state<Stage>('loading');
  prompt = $state('');
  /** What was set beside the text; what the server makes of all is battle.request. */
  request = $state<Record<string, FieldValue>>({});
  battle = $state.raw<Battle | null>(null);
  gate = $state.raw<Gate>({ open: false, slots: [] });
  sides = $state.raw<Side[]>([]);
  /** Texts while they are written; empty before the first characters. */
  written = $state.raw<Written>({});
  choice = $state<Winner | null>(null);
  comments = $state<Record<string, string>>({});
  receipt = $state.raw<Receipt | null>(null);
  failure = $state.raw<Failure | null>(null);
  wait = $state.raw<Wait | null>(null);
  busy = $state(false);
  source: 'typed' | 'random' = 'typed';
  readonly fields: RequestField[];

  #creation = new Intent<Creation>();
  #vote = new Intent<Judgments>();
  #later = new Intent<Judgments>();
  #exposures: ExposureQueue | null = null;
  #attention = new Attention(0);
  #shownAt: string | null = null;
  #stopMaking: () => void = () => {};
  #life = new AbortController();
  // Seconds heard by this page's count: at the last event, at the last batch that was sent,
  // and at the last one that the server answered.
  #told = { ...nothingHeard };
  #sent = { ...nothingHeard };
  #synced = $state.raw({ ...nothingHeard });

  constructor(
    readonly arena: Arena,
    /** Called when the server does not know this browser's consent (any more). */
    private readonly onConsentNeeded: () => void,
  ) {
    this.fields = fieldsOf(arena.request);
  }

  /** Takes up what a reload interrupted. */
  async restore(): Promise<void> {
    const kept = recall(this.arena.id);
    this.prompt = kept.prompt;
    this.source = kept.source;
    this.request = kept.request;
    this.#creation = new Intent(kept.creation);
    if (!kept.battle) {
      this.stage = 'prompt';
      return;
    }
    await this.#guard(async () => {
      const battle = await this.#patiently(() => api.battle(kept.battle as string));
      this.#vote = new Intent(kept.vote);
      this.choice = kept.choice;
      this.comments = kept.comments;
      this.#shownAt = kept.shownAt;
      this.#attention = new Attention(kept.activeSeconds);
      this.#take(battle, kept.exposures);
    });
    // Out of reach for now: the battle is still there, so it is asked for again.
    if (this.stage === 'loading' && !this.failure?.passing) this.stage = 'prompt';
  }

  async surprise(): Promise<void> {
    await this.#guard(async () => {
      this.prompt = await this.#patiently(() => api.randomPrompt(this.arena.id));
      this.source = 'random';
    });
  }

  async begin(): Promise<void> {
    const prompt = this.prompt.trim();
    if (!prompt || this.busy) return;
    await this.#guard(async () => {
      const request = requestOf(this.fields, this.request);
      const { key, body } = this.#creation.of({
        prompt,
        prompt_source: this.source,
        ...(Object.keys(request).length > 0 ? { request } : {}),
      });
      this.#store();
      const battle = await this.#patiently(() => api.createBattle(this.arena.id, body, key));
      this.choice = null;
      this.comments = {};
      this.receipt = null;
      this.#vote = new Intent();
      this.#later = new Intent();
      this.#shownAt = null;
      this.#attention = new Attention(0);
      this.#take(battle, null);
    });
  }

  /** Commits the vote with the comments that were written. */
  async submit(): Promise<void> {
    const { battle, choice } = this;
    if (!battle || !choice || this.busy || this.stage !== 'judging') return;
    this.sides.forEach((s) => s.pause());
    await this.#guard(async () => {
      await this.#patiently(() => this.#exposures?.flush() ?? Promise.resolve());
      const { key, body } = this.#vote.of(
        { answers: [this.#voteAnswer(choice), ...this.#commentAnswers(new Set())] },
        () => ({
          ...(this.#shownAt ? { shown_at: this.#shownAt } : {}),
          answered_at: new Date().toISOString(),
          active_seconds: this.#attention.seconds,
        }),
      );
      this.#store();
      this.#reveal(await this.#patiently(() => api.judge(battle.id, body, key)));
    });
    if (this.failure) await this.#lookAgain(battle.id, this.failure);
  }

  /** Comments that were not given with the vote. */
  async addComments(): Promise<void> {
    const { battle, receipt } = this;
    if (!battle || !receipt || this.busy) return;
    const answers = this.#commentAnswers(new Set(receipt.judgments));
    if (answers.length === 0) return;
    await this.#guard(async () => {
      const { key, body } = this.#later.of({ answers });
      const answer = await this.#patiently(() => api.judge(battle.id, body, key));
      const judgments = [...new Set([...receipt.judgments, ...answer.judgments])];
      this.receipt = { ...receipt, judgments };
    });
  }

  /** Takes the vote back, for good. */
  async takeBack(): Promise<void> {
    const { battle, receipt } = this;
    if (!battle || !receipt || this.busy) return;
    await this.#guard(async () => {
      this.receipt = await this.#patiently(() => api.takeBack(battle.id));
    });
  }

  /** Back to the prompt; with `again`, the same prompt is asked at once. */
  async next(again = false): Promise<void> {
    this.#leaveBattle();
    this.failure = null;
    this.#creation = new Intent();
    if (!again) this.prompt = '';
    if (!again) this.source = 'typed';
    this.stage = 'prompt';
    this.#store();
    if (again) await this.begin();
  }

  type(text: string): void {
    if (text === this.prompt) return;
    this.prompt = text;
    this.source = 'typed';
    this.#store();
  }

  /** Sets a field of the request, or leaves it open. */
  state(field: string, value: FieldValue | undefined): void {
    const rest = Object.entries(this.request).filter(([name]) => name !== field);
    if (value !== undefined) rest.push([field, value]);
    this.request = Object.fromEntries(rest);
    this.#store();
  }

  choose(winner: Winner): void {
    if (this.stage !== 'judging' || !this.gate.open || this.busy) return;
    this.choice = winner;
    this.#store();
  }

  comment(question: string, text: string): void {
    this.comments[question] = text;
    this.#store();
  }

  side(slot: Slot): Side | undefined {
    return this.sides.find((s) => s.slot === slot);
  }

  /** The sides of a battle of this arena, also before there is one. */
  get slots(): Slot[] {
    const shown = this.battle?.slots.map((s) => s.slot) ?? [];
    return shown.length > 0 ? shown : allSlots.slice(0, this.arena.slots);
  }

  /** How much of a side was heard and how much is missing, smoothly. */
  progress(slot: Slot): { share: number; left: number; required: number } {
    const counted = this.gate.slots.find((s) => s.slot === slot);
    const required = counted?.required_seconds ?? 0;
    const heard = counted?.heard_seconds ?? 0;
    const forecast = heard + (this.side(slot)?.heardSeconds ?? 0) - this.#synced[slot];
    return {
      share: fullness(heard, forecast, required),
      left: remaining(heard, forecast, required),
      required,
    };
  }

  // SideListener
  started(side: Side): void {
    for (const other of this.sides) if (other !== side) other.pause();
  }

  event(slot: Slot, kind: ExposureKind, position: number): void {
    this.#told[slot] = this.side(slot)?.heardSeconds ?? 0;
    this.#exposures?.record(slot, kind, position, ['ended', 'pause', 'hidden'].includes(kind));
  }

  #again: ReturnType<typeof setTimeout> | undefined;
  #due = new Set<Slot>();
  moved(side: Side): void {
    if (this.gate.open || this.#due.has(side.slot)) return;
    if (this.progress(side.slot).share < 1) return;
    this.#due.add(side.slot); // once per side: ask the server as soon as it should agree
    side.tickNow();
    void this.#exposures?.flush().catch(() => {});
  }

  look(visible: boolean): void {
    if (this.stage !== 'judging') return;
    this.#attention.look(visible);
    this.#store();
  }

  leave(): void {
    this.#attention.look(false);
    this.#store();
    this.#exposures?.leave();
  }

  close(): void {
    this.leave();
    this.#leaveBattle();
    this.#life.abort();
  }

  #take(battle: Battle, waiting: Waiting | null): void {
    this.#stopMaking();
    this.battle = battle;
    this.gate = battle.gate;
    this.prompt = battle.prompt;
    if (!settled(battle)) {
      this.stage = 'making';
      this.#stopMaking = watchMaking(
        battle.id,
        (b) => this.#take(b, waiting),
        (failure) => this.#refused(failure),
        (piece) => (this.written = withPiece(this.written, piece)),
      );
    } else if (battle.slots.length === 0 || battle.state === 'expired') {
      this.stage = 'ended';
    } else {
      this.#show(battle, waiting);
    }
    this.#store();
  }

  #show(battle: Battle, waiting: Waiting | null): void {
    this.sides = battle.slots.map((slot) =>
      this.arena.modality === 'audio'
        ? new SlotPlayer(slot, this)
        : new SlotReader(slot, this, () => this.gate.open),
    );
    this.#due.clear();
    this.#told = { ...nothingHeard };
    this.#sent = { ...nothingHeard };
    this.#synced = { ...nothingHeard };
    this.#shownAt ??= new Date().toISOString();
    if (battle.receipt) {
      this.#reveal(battle.receipt);
      return;
    }
    this.#exposures = new ExposureQueue({
      send: (events, leaving) => {
        this.#sent = { ...this.#told };
        return api.exposures(battle.id, events, leaving);
      },
      onGate: (gate) => this.#counted(gate),
      onRefused: (failure) => {
        this.#refused(failure);
        void this.#lookAgain(battle.id, failure);
      },
      onChange: () => this.#store(),
      restored: waiting,
    });
    this.stage = 'judging';
    this.#attention.look(!document.hidden);
  }

  /** The server's count replaces the forecast up to the last event that it knew. */
  #counted(gate: Gate): void {
    this.#synced = this.#sent;
    this.gate = gate;
    for (const { slot, heard_seconds, required_seconds } of gate.slots) {
      if (heard_seconds < required_seconds) this.#due.delete(slot);
    }
    // All was heard here, faster than time allows the server to believe (playback at a higher
    // speed, another tab): it is asked again until it does.
    clearTimeout(this.#again);
    const heardHere = gate.slots.every(
      (s) => Math.max(s.heard_seconds, this.side(s.slot)?.heardSeconds ?? 0) >= s.required_seconds,
    );
    if (gate.open || !heardHere) return;
    this.#again = setTimeout(() => {
      for (const side of this.sides) side.restNow();
    }, 1000);
  }

  #reveal(receipt: Receipt): void {
    clearTimeout(this.#again);
    this.#exposures?.stop();
    this.receipt = receipt;
    if (receipt.winner) this.choice = receipt.winner;
    this.stage = 'revealed';
    this.#store();
  }

  /** After a refused vote: what the server holds decides what is shown. */
  async #lookAgain(id: string, failure: Failure): Promise<void> {
    if (!['gate-not-met', 'already-judged', 'battle-expired', 'conflict'].includes(failure.code)) {
      return;
    }
    const battle = await api.battle(id).catch(() => null);
    if (!battle) return;
    this.battle = battle;
    this.gate = battle.gate;
    if (battle.receipt) this.#reveal(battle.receipt);
    else if (battle.state === 'expired') this.stage = 'ended';
  }

  #voteAnswer(choice: Winner): Answer {
    const question = this.arena.protocol.questions.find((q) => q.kind === 'comparison');
    return { question: question?.id ?? 'overall', value: choice };
  }

  #commentAnswers(given: Set<string>): Answer[] {
    return this.arena.protocol.questions
      .filter((q) => q.kind === 'comment' && !given.has(q.id))
      .map((q) => ({ question: q.id, value: (this.comments[q.id] ?? '').trim() }))
      .filter((answer) => answer.value !== '');
  }

  #patiently<T>(call: () => Promise<T>): Promise<T> {
    return withRetry(call, { onWait: (wait) => (this.wait = wait), signal: this.#life.signal });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      await work();
    } catch (error) {
      if (!this.#life.signal.aborted) this.#refused(asFailure(error));
    } finally {
      this.busy = false;
    }
  }

  #refused(failure: Failure | null): void {
    this.failure = failure;
    if (!failure) return;
    if (['unauthenticated', 'consent-required', 'consent-outdated'].includes(failure.code)) {
      this.onConsentNeeded();
    }
    if (failure.code === 'not-found' && this.stage !== 'prompt') {
      this.#leaveBattle(); // another browser's battle, or one that was erased
      this.#creation = new Intent();
      this.stage = 'prompt';
      this.#store();
    }
  }

  #leaveBattle(): void {
    clearTimeout(this.#again);
    this.#stopMaking();
    this.#exposures?.stop();
    this.#exposures = null;
    this.sides.forEach((s) => s.pause());
    this.battle = null;
    this.sides = [];
    this.written = {};
    this.receipt = null;
    this.choice = null;
  }

  #store(): void {
    keep(this.arena.id, {
      ...nothingKept,
      prompt: this.prompt,
      source: this.source,
      request: { ...this.request },
      creation: this.#creation.kept,
      battle: this.battle?.id ?? null,
      shownAt: this.#shownAt,
      activeSeconds: this.#attention.seconds,
      choice: this.choice,
      comments: { ...this.comments },
      vote: this.#vote.kept,
      exposures: this.#exposures?.waiting ?? null,
    });
  }
}
