import { type ChainHead, type ChainVerdict, verifyChain } from '../../audit/chain.ts';
import { BackupError, type BackupHeader } from './format.ts';
import { chainRows, readBackup } from './read-backup.ts';

/**
 * Verifies the audit chain in a backup, what people wrote beside it included, against the head in its own header and
 * one that was kept elsewhere. Needs no database. What is wrong with the chain is told before what is wrong with the
 * file: then it throws BackupError.
 */
export async function verifyBackup(file: string, known?: ChainHead): Promise<ChainVerdict> {
  const { chain } = await headerOf(file);
  const verdict = await verifyChain(chainRows(file), { chainId: chain.id, head: known ?? chain.head });
  if (verdict.outcome !== 'intact') return verdict;
  const { seq, hash } = chain.head;
  if (verdict.head.seq < seq) return { outcome: 'truncated', seq: verdict.head.seq + 1 };
  if (verdict.head.hash !== hash) return { outcome: 'forked', seq };
  return verdict;
}

async function headerOf(file: string): Promise<BackupHeader> {
  for await (const item of readBackup(file)) if (item.kind === 'header') return item.header;
  throw new BackupError('damaged', 'the backup is empty');
}
