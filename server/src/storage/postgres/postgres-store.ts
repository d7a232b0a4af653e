import type { Logger } from 'pino';
import type { Store } from '../store.ts';

export async function openPostgresStore(_url: string, _log?: Pick<Logger, 'warn'>): Promise<Store> {
  throw new Error('not yet');
}
