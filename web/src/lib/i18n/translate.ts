export type Values = Record<string, string | number>;

/**
 * Fills `{name}` in a message, and picks by number: `{n, plural, one {# vote} other {# votes}}`,
 * where `#` is the number itself. The plural names are those of Intl.PluralRules.
 */
export function fill(message: string, values: Values, locale: string): string {
  const number = new Intl.NumberFormat(locale);
  const show = (v: string | number) => (typeof v === 'number' ? number.format(v) : v);
  return message
    .replace(/\{(\w+), plural,((?:\s*\w+ \{[^{}]*\})+)\s*\}/g, (_, name: string, cases: string) => {
      const n = Number(values[name] ?? 0);
      const rule = new Intl.PluralRules(locale).select(n);
      const texts = new Map([...cases.matchAll(/(\w+) \{([^{}]*)\}/g)].map((m) => [m[1], m[2]]));
      return (texts.get(rule) ?? texts.get('other') ?? '').replaceAll('#', number.format(n));
    })
    .replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : show(value);
    });
}
