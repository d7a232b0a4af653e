import { parentPort } from 'node:worker_threads';
import { serveWrites } from '../sqlite/serve-writes.ts';
import type { Opening } from './shared-thread.ts';

parentPort?.on('message', ({ file, port }: Opening) => serveWrites(file, port));
