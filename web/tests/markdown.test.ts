import { describe, expect, it } from 'vitest';
import { toHtml } from '../src/lib/markdown/markdown';

const html = (text: string) => toHtml(text, { copy: 'Copy', code: 'Code', table: 'Table' });

describe("a system's text", () => {
  it('is drawn as Markdown, its headings below those of the page', () => {
    expect(html('# One\n\n**two**')).toBe('<h3>One</h3>\n<p><strong>two</strong></p>\n');
    expect(html('#### A\n\n#### B\n\n# C')).toBe('<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>\n');
  });

  it('never becomes markup of its own', () => {
    for (const text of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<svg onload=alert(1)></svg>',
      '`<b>`\n\n```\n<iframe src=x>\n```\n\n    <object>',
      '| <form> |\n|--|\n| <input> |',
      '# <h1 onclick=x>',
    ])
      expect(html(text)).not.toMatch(/<(script|img|svg|b|iframe|object|form|input|h1)[ >]/);
  });

  it('links to nothing but pages and mail', () => {
    for (const url of [
      'javascript:alert(1)',
      'JaVaScRiPt:x',
      'data:text/html,x',
      'vbscript:x',
      'blob:x',
      'file:///x',
      '//x',
    ])
      expect(html(`[a](${url}) <${url}> ![b](${url})`)).not.toContain('href');
    expect(html('[a](https://example.org/?a=1&b="2")')).toContain(
      'href="https://example.org/?a=1&amp;b=%222%22"',
    );
    expect(html('[a](https://example.org)')).toContain('rel="noopener noreferrer nofollow"');
  });

  it('fetches no picture', () => {
    expect(html('![spy](https://tracker.example/p.png)')).toBe(
      '<p><a href="https://tracker.example/p.png" rel="noopener noreferrer nofollow" target="_blank">spy</a></p>\n',
    );
  });

  it('needs no style attribute', () => {
    expect(html('| a |\n|--:|\n| b |')).toContain('<td class="right">b</td>');
    expect(html('| a |\n|--:|\n| b |')).not.toContain('style');
  });

  it('keeps code as it is, with a button to copy it', () => {
    const made = html('```js onload="x"\nif (a < b) c();\n```');
    expect(made).toContain('<span>js</span>');
    expect(made).toContain('if (a &lt; b) c();\n</code>');
    expect(made).toContain('class="copy">Copy</button>');
  });
});
