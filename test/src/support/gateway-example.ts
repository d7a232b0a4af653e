import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './command.ts';

/** The text of an example under docs/gateways. */
export function exampleText(name: string): string {
  return readFileSync(join(root, 'docs', 'gateways', name), 'utf8');
}

/**
 * An example as it stands, with the addresses, ports, paths and secrets of a test in place of those that its head says to
 * replace. Each of them must occur: what the head promises and what the test does cannot drift apart. Longer ones first.
 */
export function adaptedExample(name: string, replacements: Record<string, string>): string {
  let text = exampleText(name);
  for (const [placeholder, value] of Object.entries(replacements)) {
    if (!text.includes(placeholder)) throw new Error(`${name} has no ${placeholder} that could be replaced`);
    text = text.replaceAll(placeholder, value);
  }
  return text;
}

export function writeText(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
