// Functions that run in the page. Only their source text gets there, so they cannot use anything outside themselves.

/** The first visible element of the selector. If `text` is not null, the element's text has to contain it. */
export function find(css: string, text: string | null): HTMLElement | null {
  const shows = (element: HTMLElement) => element.checkVisibility({ visibilityProperty: true });
  const says = (element: HTMLElement) =>
    text === null || element.innerText.replace(/\s+/g, ' ').includes(text);
  const all = document.querySelectorAll<HTMLElement>(css);
  return [...all].find((element) => shows(element) && says(element)) ?? null;
}

/** Scrolls the element to where a mouse reaches it. Null if no mouse can reach it, or if it is disabled. */
export function reach(element: HTMLElement | null): HTMLElement | null {
  if (element === null || element.matches(':disabled')) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && (element.contains(hit) || hit.contains(element)) ? element : null;
}

/** Gives the field the focus and selects its text, so that typing replaces the text. Null if that fails. */
export function select(css: string): HTMLElement | null {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(css);
  field?.focus();
  field?.select();
  return field !== null && document.activeElement === field ? field : null;
}

/** The texts of all visible elements of the selector. */
export function texts(css: string): string[] {
  const shows = (element: HTMLElement) => element.checkVisibility({ visibilityProperty: true });
  const all = [...document.querySelectorAll<HTMLElement>(css)].filter(shows);
  return all.map((element) => element.innerText.replace(/\s+/g, ' ').trim());
}

/** The value of the field. */
export function value(css: string): string | null {
  return document.querySelector<HTMLInputElement | HTMLTextAreaElement>(css)?.value ?? null;
}

/** The whole text of the page, visible or not, except scripts and styles. */
export function words(): string {
  const body = document.body.cloneNode(true) as HTMLElement;
  for (const silent of body.querySelectorAll('script, style')) silent.remove();
  return body.textContent ?? '';
}
