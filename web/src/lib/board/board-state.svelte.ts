import {
  api,
  boardPath,
  type BoardDifference,
  type BoardHistory,
  type BoardPairs,
  type BoardPart,
  type BoardPlane,
  type BoardRobustness,
  type Method,
} from '../api';
import { Fetched } from './fetched.svelte';
import { LiveBoard } from './live-board.svelte';
import { hasSegment, styleOf, tabsOf } from './style';
import { readQuery, writeQuery, type BoardQuery } from './query';

/** What a board page knows: what is asked for, and what has come of it. */
export class BoardState {
  query = $state<BoardQuery>(readQuery(location.search));
  readonly live: LiveBoard;
  readonly pairs = new Fetched<BoardPairs>(api.boardPairs);
  readonly history = new Fetched<BoardHistory>(api.boardHistory);
  readonly plane = new Fetched<BoardPlane>(api.boardPlane);
  readonly robustness = new Fetched<BoardRobustness>(api.boardRobustness);
  readonly difference = new Fetched<BoardDifference>(api.boardDifference);
  readonly summaries = $derived.by(() => this.live.list.data?.boards ?? []);
  readonly methods = $derived(this.summaries.map((b) => b.method));
  /** The board that is shown: the one asked for, else the arena's first. */
  readonly method = $derived.by((): Method | null => {
    const wanted = this.query.method;
    return wanted && this.methods.includes(wanted) ? wanted : (this.methods[0] ?? null);
  });
  readonly summary = $derived(this.summaries.find((b) => b.method === this.method) ?? null);
  readonly segments = $derived(this.summary?.segments ?? []);
  /** Whether style is taken out of the comparison; null where it cannot be switched. */
  readonly style = $derived(styleOf(this.methods, this.method));
  readonly tabs = $derived(tabsOf(this.methods));

  constructor(private readonly arena: string) {
    this.live = new LiveBoard(arena);
    $effect(() => {
      const { segment, at } = this.query;
      this.live.show({ method: this.method, segment, at });
    });
    $effect(() => this.#want());
  }

  /** Changes what is shown, and the page's address with it. Typing makes no history. */
  change(change: Partial<BoardQuery>): void {
    const next = { ...this.query, ...change };
    // A segment that the other board does not have is left behind.
    const board = this.summaries.find((b) => b.method === next.method);
    if ('method' in change && board && !hasSegment(board, next.segment)) next.segment = '';
    this.query = next;
    const address = location.pathname + writeQuery(this.query);
    if ('find' in change) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
  }

  readAddress(): void {
    this.query = readQuery(location.search);
  }

  /** The address of a file with what is shown. */
  download(part: BoardPart, format: 'csv' | 'json'): string {
    const { segment, at } = this.query;
    return `/api/v1${boardPath(this.arena, this.method ?? 'bradley_terry', part, {
      segment,
      at: part === '' ? at : '',
      format,
    })}`;
  }

  close(): void {
    this.live.close();
    for (const part of [this.pairs, this.history, this.plane, this.robustness, this.difference])
      part.close();
  }

  // Only what the view shows is fetched.
  #want(): void {
    const { view, segment, at } = this.query;
    const { method } = this;
    const version = this.live.board?.version;
    if (!method) return;
    const path = (part: BoardPart) => boardPath(this.arena, method, part, { segment });
    if (view === 'pairs') this.pairs.want(path('pairs'), version);
    if (view === 'history') this.history.want(path('history'), version);
    if (view === 'speed') this.plane.want(path('plane'), version);
    if (view === 'ranks') this.robustness.want(path('robustness'), version);
    if (view === 'scores' && (segment || this.style) && !at && method !== 'elo')
      this.difference.want(path('difference'), version);
  }
}
