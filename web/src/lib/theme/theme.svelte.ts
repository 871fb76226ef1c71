export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'agon.theme'; // read by public/theme.js before the first paint

function stored(): Theme {
  const value = document.documentElement.dataset.theme;
  return value === 'light' || value === 'dark' ? value : 'auto';
}

let current = $state<Theme>(stored());

export const theme = {
  get current() {
    return current;
  },
  set(next: Theme) {
    current = next;
    if (next === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === 'auto') localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // Storage is blocked: the choice holds until the page is left.
    }
  },
};
