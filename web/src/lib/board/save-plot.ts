const kept = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'transform',
  'text-anchor',
];

/** A drawing that stands alone: what the page's style sheets say is written into it. */
export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll('*')];
  const to = [copy, ...copy.querySelectorAll('*')];
  from.forEach((element, i) => {
    const computed = getComputedStyle(element);
    // Attributes and no style: the content security policy refuses styles in a page's text.
    for (const name of kept) {
      const value = computed.getPropertyValue(name);
      if (value && value !== 'none') to[i]?.setAttribute(name, value);
      else if (name === 'fill' || name === 'stroke') to[i]?.setAttribute(name, 'none');
    }
    to[i]?.removeAttribute('style');
    to[i]?.removeAttribute('class');
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `-16 -16 ${width + 32} ${height + 32}`);
  copy.setAttribute('width', `${width + 32}`);
  copy.setAttribute('height', `${height + 32}`);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const surface = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  for (const [name, value] of Object.entries({
    x: -16,
    y: -16,
    width: '100%',
    height: '100%',
    fill: surface,
  }))
    ground.setAttribute(name, `${value}`);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

/** The drawing in pixels, twice as fine as on the screen. */
export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}

export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
