import { describe, expect, it } from 'vitest';
import {
  blocked,
  complaintOf,
  fieldsOf,
  readValue,
  requestOf,
} from '../src/lib/battle/request-form';

const fields = fieldsOf({
  order: ['instrumental', 'lyrics', 'duration', 'mood', 'gone'],
  schema: {
    properties: {
      duration: { type: 'integer', minimum: 5, maximum: 300, default: 30, title: 'Seconds' },
      instrumental: { type: 'boolean', default: false },
      lyrics: { type: 'string', maxLength: 3000, 'x-unless': 'instrumental' },
      mood: { type: 'string', enum: ['calm', 'dark'] },
    },
  },
});
const [instrumental, lyrics, duration, mood] = fields as [
  (typeof fields)[0],
  (typeof fields)[0],
  (typeof fields)[0],
  (typeof fields)[0],
];

describe('a form from a schema', () => {
  it('keeps the order and skips what the schema does not know', () => {
    expect(fields.map((f) => f.name)).toEqual(['instrumental', 'lyrics', 'duration', 'mood']);
    expect(duration.title).toBe('Seconds');
    expect(lyrics.title).toBe('Lyrics');
    expect(duration.step).toBe(1);
    expect(duration.fallback).toBe(30);
  });

  it('is empty for an arena that asks for text alone', () => {
    expect(fieldsOf({ order: [], schema: {} })).toEqual([]);
  });

  it('reads values in their types, and nothing as nothing', () => {
    expect(readValue(duration, '12')).toBe(12);
    expect(readValue(duration, '')).toBeUndefined();
    expect(readValue(duration, 'x')).toBeUndefined();
    expect(readValue(instrumental, 'true')).toBe(true);
    expect(readValue(instrumental, 'false')).toBe(false);
    expect(readValue(instrumental, '')).toBeUndefined();
    expect(readValue(mood, 'dark')).toBe('dark');
    expect(readValue(mood, '')).toBeUndefined();
    expect(readValue(lyrics, '  ')).toBeUndefined();
  });

  it('sends only what has a place', () => {
    const stated = { lyrics: 'la', instrumental: true, duration: 9 };
    expect(blocked(lyrics, stated)).toBe(true);
    expect(requestOf(fields, stated)).toEqual({ instrumental: true, duration: 9 });
    expect(requestOf(fields, { lyrics: 'la', other: 1 })).toEqual({ lyrics: 'la' });
  });

  it('finds what the server said about a field', () => {
    const problem = {
      type: '/problems/request-unsupported',
      title: '',
      status: 422,
      errors: [{ pointer: '/request/duration', reason: 'must be at most 60' }],
    };
    expect(complaintOf(problem, 'duration')).toBe('must be at most 60');
    expect(complaintOf(problem, 'mood')).toBe('');
    expect(complaintOf(null, 'mood')).toBe('');
  });
});
