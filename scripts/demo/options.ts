import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface DemoOptions {
  folder: string;
  /** Make it anew where there is one. */
  fresh: boolean;
  serve: boolean;
  seed: number;
  devices: number;
  days: number;
  port: number;
}

export const usage = `npm run demo -- [--folder data/demo] [--fresh] [--no-serve] [--port 7420] [--seed 7] [--devices 200] [--days 60]

Makes a made-up company with its devices and a history of so many days, and serves it on this machine only. One that is there
already is served as it is.
  --fresh     throws away a demo that is there already
  --no-serve  makes it and ends`;

/** @throws TypeError, with a sentence, where an argument is none */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      folder: { type: 'string', default: 'data/demo' },
      fresh: { type: 'boolean', default: false },
      serve: { type: 'boolean', default: true },
      seed: { type: 'string', default: '7' },
      devices: { type: 'string', default: '200' },
      days: { type: 'string', default: '60' },
      port: { type: 'string', default: process.env['POSTERN_PORT'] ?? '7420' },
    },
    allowNegative: true,
  });
  return {
    folder: resolve(values.folder),
    fresh: values.fresh,
    serve: values.serve,
    seed: whole('seed', values.seed, 0, 4_294_967_295),
    devices: whole('devices', values.devices, 5, 2000),
    days: whole('days', values.days, 3, 90),
    port: whole('port', values.port, 1, 65_534),
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw new TypeError(`--${name} must be a whole number from ${min} to ${max}, and is ${text}`);
  return number;
}
