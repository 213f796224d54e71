// Screenshots have few colours. With a palette, a PNG has a third of the size of the browser's PNG.

import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import type { Browser } from '@playwright/test';

/** A page has fewer colours than this, except at the edges of its letters. */
const COLOURS = 48;

/** Writes a PNG with the most frequent colours of a picture. Every other colour becomes the nearest of these. */
export async function keep(browser: Browser, picture: Buffer, path: string): Promise<void> {
  const page = await browser.newPage();
  const { width, height, palette, rows } = await page.evaluate(reduce, [picture.toString('base64'), COLOURS] as const);
  await page.close();
  writeFileSync(path, png(width, height, Buffer.from(palette), Buffer.from(rows, 'base64')));
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

/** A PNG with a palette and eight bits for each pixel (RFC 2083 §4.1). */
function png(width: number, height: number, palette: Buffer, rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const chunks = [chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
