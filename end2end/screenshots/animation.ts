// An animated PNG (W3C PNG, third edition, §11.3.4): browsers and code forges show it like any other picture.

import { deflateSync } from 'node:zlib';
import { chunk, END, head, type Reduced, SIGNATURE } from './palette';

/** Frames that stand below each other in one picture, as an animation. `seconds` is how long each is shown. */
export function animated({ width, height, palette, rows }: Reduced, seconds: number[]): Buffer {
  const tall = height / seconds.length;
  const bytes = (width + 1) * tall;
  const chunks = [SIGNATURE, head(width, tall), chunk('acTL', numbers(seconds.length, 0)), chunk('PLTE', palette)];
  let sequence = 0;
  seconds.forEach((shown, index) => {
    const data = deflateSync(rows.subarray(index * bytes, (index + 1) * bytes), { level: 9, memLevel: 9 });
    const milliseconds = Buffer.alloc(6);
    milliseconds.writeUInt16BE(Math.round(shown * 1000), 0);
    milliseconds.writeUInt16BE(1000, 2);
    chunks.push(chunk('fcTL', Buffer.concat([numbers(sequence++, width, tall, 0, 0), milliseconds])));
    chunks.push(index === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([numbers(sequence++), data])));
  });
  return Buffer.concat([...chunks, END]);
}

function numbers(...values: number[]): Buffer {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => data.writeUInt32BE(value, 4 * index));
  return data;
}
