import { known, locale, t } from '../i18n';

/** A method as people call it; its own name where no message has it. */
export function methodName(method: string): string {
  const key = `method.${method}`;
  return known(key) ? t(key) : method.replaceAll('_', ' ');
}

/** "Language: English" for language:en. */
export function segmentName(segment: string): string {
  const at = segment.indexOf(':');
  return `${dimensionName(segment.slice(0, at))}: ${valueName(segment.slice(0, at), segment.slice(at + 1))}`;
}

export function dimensionName(dimension: string): string {
  const key = `dimension.${dimension}`;
  if (known(key)) return t(key);
  // A field of the request, by its own name.
  const field = dimension.replace(/^request\./, '').replaceAll('_', ' ');
  return field.charAt(0).toLocaleUpperCase(locale) + field.slice(1);
}

export function valueName(dimension: string, value: string): string {
  for (const key of [`value.${dimension}.${value}`, `value.${value}`])
    if (known(key)) return t(key);
  if (dimension !== 'language') return value;
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(value) ?? value;
  } catch {
    return value; // not a language tag
  }
}
