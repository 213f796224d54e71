// Screenshots have few colours. With a palette, a PNG has a third of the size of the browser's PNG.

import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import type { Browser } from '@playwright/test';

/** A page has fewer colours than this, except at the edges of its letters. */
const COLOURS = 48;

/** A picture of few colours. Each row is a zero, for the filter "none" of a PNG, and an index for each pixel. */
export interface Reduced {
  width: number;
  height: number;
  palette: Buffer;
  rows: Buffer;
}

/** Writes a PNG with the most frequent colours of a picture. Every other colour becomes the nearest of these. */
export async function keep(browser: Browser, picture: Buffer, path: string): Promise<void> {
  const { width, height, palette, rows } = await reduced(browser, picture, COLOURS);
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  writeFileSync(path, Buffer.concat([SIGNATURE, head(width, height), chunk('PLTE', palette), chunk('IDAT', data), END]));
}

/** The picture with its most frequent colours. */
export async function reduced(browser: Browser, picture: Buffer, colours: number): Promise<Reduced> {
  const page = await browser.newPage();
  const { width, height, palette, rows } = await page.evaluate(reduce, [picture.toString('base64'), colours] as const);
  await page.close();
  return { width, height, palette: Buffer.from(palette), rows: Buffer.from(rows, 'base64') };
}

/**
 * Runs in the page. Each row of the result is a scanline of a PNG: a zero for the filter "none", then an index into the
 * palette for each pixel.
 */
async function reduce([source, colours]: readonly [string, number]) {
  const image = new Image();
  image.src = `data:image/png;base64,${source}`;
  await image.decode();
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d')!;
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);

  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts].sort(([, one], [, other]) => other - one).map(([pixel]) => pixel);
  const rgb = (pixel: number) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const kept = byCount.slice(0, colours).map(rgb);
  const far = (one: number[], other: number[]) =>
    one.reduce((sum, value, index) => sum + (value - other[index]!) ** 2, 0);
  const places = new Map<number, number>();
  for (const pixel of byCount) {
    const distances = kept.map((colour) => far(colour, rgb(pixel)));
    places.set(pixel, distances.indexOf(Math.min(...distances)));
  }

  const rows = new Uint8Array((width + 1) * height);
  pixels.forEach((pixel, index) => {
    rows[index + 1 + Math.floor(index / width)] = places.get(pixel)!;
  });
  let text = '';
  for (let at = 0; at < rows.length; at += 32_768) text += String.fromCharCode(...rows.subarray(at, at + 32_768));
  return { width, height, palette: kept.flat(), rows: btoa(text) };
}

export const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
export const END = chunk('IEND', Buffer.alloc(0));

/** The head of a PNG with a palette and eight bits for each pixel (RFC 2083 §4.1). */
export function head(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 3], 8);
  return chunk('IHDR', data);
}

export function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
