#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: the server itself needs Node 24.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runWithNode24 } from '../../scripts/with-node24.mjs';

const main = new URL('../src/main.ts', import.meta.url);
if (Number(process.versions.node.split('.')[0]) >= 24) await import(main.href);
else runWithNode24(fileURLToPath(main), process.argv.slice(2));
