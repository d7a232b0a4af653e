/** The thread that writes. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveWrites } from './serve-writes.ts';

if (parentPort === null) throw new Error('this module runs as a thread of the store');
serveWrites((workerData as { file: string }).file, parentPort);
