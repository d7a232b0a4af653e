import { deflateSync, inflateSync } from 'node:zlib';

/**
 * Makes a picture of a screen small: at most 256 colours, which is what a screen of text and flat areas has, nearly, and fewer
 * where it would be larger than wanted. Only what a browser's screenshots are: 8 bits, RGB or RGBA, not interlaced.
 */
export function shrinkPng(png: Buffer, maxBytes: number): Buffer {
  const picture = decode(png);
  for (const colors of [256, 128, 64]) {
    const small = encode(png, picture, colors);
    if (small.length <= maxBytes) return small;
  }
  return encode(png, picture, 32);
}

/** With so many colours at most. */
function encode(png: Buffer, { width, height, channels, pixels }: ReturnType<typeof decode>, colors: number): Buffer {
  const { palette, nearest } = paletteOf(pixels, channels, colors);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * channels;
      rows[y * (width + 1) + 1 + x] = nearest(key(pixels, at));
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, by palette.
  header.set([8, 3, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  const small = Buffer.concat([png.subarray(0, 8), ...chunks]);
  return small.length < png.length ? small : png;
}

function key(pixels: Uint8Array, at: number): number {
  return ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0);
}

/** The colours that are used most, far enough from each other that shades of text do not take all places. */
function paletteOf(pixels: Uint8Array, channels: number, colors: number) {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += channels) {
    const color = key(pixels, at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const used = [...counts].toSorted((a, b) => b[1] - a[1]).map(([color]) => color);
  let palette = used.slice(0, colors);
  for (let apart = 2; used.length > colors && apart < 12; apart += 1) {
    palette = [];
    for (const color of used) {
      if (palette.length === colors) break;
      if (palette.every((other) => distance(other, color) > apart * apart)) palette.push(color);
    }
    if (palette.length < colors) break;
  }
  const found = new Map(palette.map((color, index) => [color, index]));
  const nearest = (color: number): number => {
    let index = found.get(color);
    if (index !== undefined) return index;
    let least = Number.POSITIVE_INFINITY;
    for (const [at, other] of palette.entries()) {
      const away = distance(other, color);
      if (away >= least) continue;
      least = away;
      index = at;
    }
    found.set(color, index ?? 0);
    return index ?? 0;
  };
  return { palette, nearest };
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

function decode(png: Buffer) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [depth, type, , , interlaced] = png.subarray(24, 29);
  const channels = type === 2 ? 3 : 4;
  if (depth !== 8 || (type !== 2 && type !== 6) || interlaced !== 0)
    throw new Error('another kind of PNG than screenshots are');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = new Uint8Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : (pixels[y * stride + x - channels] ?? 0);
      const above = y === 0 ? 0 : (pixels[(y - 1) * stride + x] ?? 0);
      const corner = y === 0 || x < channels ? 0 : (pixels[(y - 1) * stride + x - channels] ?? 0);
      pixels[y * stride + x] = (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return { width, height, channels, pixels };
}

/** PNG section 9: what each filter adds. */
function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

const crcTable = Array.from({ length: 256 }, (_, number) => {
  let crc = number;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = (crcTable[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
