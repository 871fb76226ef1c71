import MarkdownIt from 'markdown-it';

/**
 * A system's text, as Markdown, to HTML that is safe to put on the page: markup in the text
 * is shown as it stands (html: false), addresses other than http, https and mailto are not
 * linked, and nothing is fetched — a picture becomes a link to it.
 */
export interface Words {
  copy: string;
  code: string;
  table: string;
}

const plainLink = /^(https?:|mailto:)/i;

function make(words: Words): MarkdownIt {
  const md = new MarkdownIt({ html: false, linkify: false, breaks: true, typographer: false });
  const { escapeHtml } = md.utils;
  md.validateLink = (url) => plainLink.test(url.trim());

  md.renderer.rules.link_open = (tokens, at, options, _env, self) => {
    tokens[at]?.attrSet('rel', 'noopener noreferrer nofollow');
    tokens[at]?.attrSet('target', '_blank');
    return self.renderToken(tokens, at, options);
  };
  md.renderer.rules.image = (tokens, at) => {
    const token = tokens[at];
    const url = token?.attrGet('src') ?? '';
    const text = escapeHtml(token?.content || url);
    return `<a href="${escapeHtml(url)}" rel="noopener noreferrer nofollow" target="_blank">${text}</a>`;
  };

  // The page has headings of its own: those of an answer come below them, without a gap.
  md.core.ruler.push('headings', (state) => {
    let last = 2;
    for (const token of state.tokens) {
      if (!token.type.startsWith('heading_')) continue;
      const level = Math.min(6, last + 1, Number(token.tag.slice(1)) + 2);
      token.tag = `h${level}`;
      if (token.type === 'heading_close') last = level;
    }
  });

  const block = (code: string, language: string) =>
    `<div class="code"><div class="code-head"><span>${escapeHtml(language)}</span>` +
    `<button type="button" class="copy">${escapeHtml(words.copy)}</button></div>` +
    `<pre tabindex="0" role="group" aria-label="${escapeHtml(words.code)}"><code>${escapeHtml(code)}</code></pre></div>`;
  md.renderer.rules.fence = (tokens, at) => {
    const language = /^[\w+#.-]{1,20}/.exec(tokens[at]?.info.trim() ?? '')?.[0] ?? '';
    return block(tokens[at]?.content ?? '', language);
  };
  md.renderer.rules.code_block = (tokens, at) => block(tokens[at]?.content ?? '', '');

  md.renderer.rules.table_open = () =>
    `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(words.table)}"><table>`;
  md.renderer.rules.table_close = () => '</table></div>';
  // A style attribute would be refused by the content security policy.
  for (const rule of ['th_open', 'td_open'] as const) {
    md.renderer.rules[rule] = (tokens, at, options, _env, self) => {
      const token = tokens[at];
      const side = /text-align:(\w+)/.exec(token?.attrGet('style') ?? '')?.[1];
      if (token) token.attrs = side ? [['class', side]] : null;
      return self.renderToken(tokens, at, options);
    };
  }
  return md;
}

let made: MarkdownIt | undefined;

export function toHtml(text: string, words: Words): string {
  made ??= make(words);
  return made.render(text);
}
