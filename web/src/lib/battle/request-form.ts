import type { Problem, RequestForm } from '../api/types';

export type FieldValue = string | number | boolean;

/** One field of an arena's request, as its JSON Schema declares it. */
export interface RequestField {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean';
  title: string;
  description: string;
  choices: FieldValue[];
  minimum: number | null;
  maximum: number | null;
  step: number | 'any';
  maxLength: number;
  /** What counts if nothing is stated. */
  fallback: FieldValue | null;
  /** A boolean field: while it is true this one has no place. */
  unless: string | null;
}

type Keywords = Record<string, unknown>;
const text = (v: unknown) => (typeof v === 'string' ? v : '');
const number = (v: unknown) => (typeof v === 'number' ? v : null);
const isValue = (v: unknown): v is FieldValue => ['string', 'number', 'boolean'].includes(typeof v);

/** A title for a field without one: "voice_style" becomes "Voice style". */
function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function fieldsOf(form: RequestForm): RequestField[] {
  const properties = (form.schema.properties ?? {}) as Record<string, Keywords>;
  return form.order.flatMap((name) => {
    const k = properties[name];
    if (!k) return [];
    const type = k.type as RequestField['type'];
    return [
      {
        name,
        type,
        title: text(k.title) || titleOf(name),
        description: text(k.description),
        choices: Array.isArray(k.enum) ? k.enum.filter(isValue) : [],
        minimum: number(k.minimum),
        maximum: number(k.maximum),
        step: number(k.multipleOf) ?? (type === 'integer' ? 1 : 'any'),
        maxLength: number(k.maxLength) ?? 4000,
        fallback: isValue(k.default) ? k.default : null,
        unless: text(k['x-unless']) || null,
      },
    ];
  });
}

/** What a form's control says, as the API takes it; undefined where it says nothing. */
export function readValue(field: RequestField, entered: string): FieldValue | undefined {
  if (field.choices.length > 0) return field.choices.find((c) => String(c) === entered);
  if (field.type === 'boolean') return entered === '' ? undefined : entered === 'true';
  if (entered.trim() === '') return undefined;
  if (field.type === 'string') return entered;
  const n = Number(entered);
  return Number.isFinite(n) ? n : undefined;
}

/** True while another field leaves no place for this one. */
export function blocked(field: RequestField, stated: Record<string, FieldValue>): boolean {
  return field.unless !== null && stated[field.unless] === true;
}

/** What is sent: without fields that have no place, and of the fields in their order. */
export function requestOf(
  fields: RequestField[],
  stated: Record<string, FieldValue>,
): Record<string, FieldValue> {
  return Object.fromEntries(
    fields
      .filter((f) => stated[f.name] !== undefined && !blocked(f, stated))
      .map((f) => [f.name, stated[f.name] as FieldValue]),
  );
}

/** "Duration: 30 · Instrumental", in the fields' order; `not` says that a switch is off. */
export function summaryOf(
  fields: RequestField[],
  values: Record<string, unknown>,
  not: (title: string) => string,
): string {
  return fields
    .filter((f) => values[f.name] !== undefined)
    .map((f) => {
      const value = values[f.name];
      if (typeof value === 'boolean') return value ? f.title : not(f.title);
      const words = String(value);
      return `${f.title}: ${words.length > 24 ? `${words.slice(0, 23)}…` : words}`;
    })
    .join(' · ');
}

/** What the server said about a field. */
export function complaintOf(problem: Problem | null | undefined, name: string): string {
  return problem?.errors?.find((e) => e.pointer === `/request/${name}`)?.reason ?? '';
}
