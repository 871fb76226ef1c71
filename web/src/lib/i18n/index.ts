import en from '../../locales/en.json';
import { fill, type Values } from './translate';

export type MessageKey = keyof typeof en;

// To add a language, add its file here; a message that it lacks is shown in English.
const locales: Record<string, Partial<Record<MessageKey, string>>> = { en };

function choose(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (language in locales) return language;
  }
  return 'en';
}

export const locale = choose(navigator.languages ?? [navigator.language]);
document.documentElement.lang = locale;

export function t(key: MessageKey, values: Values = {}): string {
  return fill(locales[locale]?.[key] ?? en[key], values, locale);
}

/** True if there is a message of this name: for names that the server makes. */
export function known(key: string): key is MessageKey {
  return key in en;
}
