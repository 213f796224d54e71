// Functions that run in the page. Their sources travel, so that they use nothing from outside of themselves.

/** The first element that the selector finds, that shows, and whose text contains `text`, if that is not null. */
export function find(css: string, text: string | null): HTMLElement | null {
  const shows = (element: HTMLElement) => element.checkVisibility({ visibilityProperty: true });
  const says = (element: HTMLElement) =>
    text === null || element.innerText.replace(/\s+/g, ' ').includes(text);
  const all = document.querySelectorAll<HTMLElement>(css);
  return [...all].find((element) => shows(element) && says(element)) ?? null;
}

/** The element, scrolled to where a mouse reaches it. Null if none does, or if it is disabled. */
export function reach(element: HTMLElement | null): HTMLElement | null {
  if (element === null || element.matches(':disabled')) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && (element.contains(hit) || hit.contains(element)) ? element : null;
}

/** The field, with the focus, and what stands in it selected: what is typed takes its place. */
export function select(css: string): HTMLElement | null {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(css);
  field?.focus();
  field?.select();
  return field !== null && document.activeElement === field ? field : null;
}

/** The texts of all elements that the selector finds and that show. */
export function texts(css: string): string[] {
  const shows = (element: HTMLElement) => element.checkVisibility({ visibilityProperty: true });
  const all = [...document.querySelectorAll<HTMLElement>(css)].filter(shows);
  return all.map((element) => element.innerText.replace(/\s+/g, ' ').trim());
}

/** What stands in the field. */
export function value(css: string): string | null {
  return document.querySelector<HTMLInputElement | HTMLTextAreaElement>(css)?.value ?? null;
}

/** All that the page says or could show: the text of what is no script. */
export function words(): string {
  const body = document.body.cloneNode(true) as HTMLElement;
  for (const silent of body.querySelectorAll('script, style')) silent.remove();
  return body.textContent ?? '';
}
