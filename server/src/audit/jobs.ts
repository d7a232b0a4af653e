import { minute, second } from '@postern/shared/time';
import type { Job } from '../jobs.ts';
import { CheckpointFolder } from './checkpoints/folder.ts';
import { type AuditDeps, stateOf } from './shared-state.ts';

/** What runs beside the requests. */
export function auditJobs(deps: AuditDeps): Job[] {
  const { store, config, clock, log } = deps;
  const { checkpointer, reads } = stateOf(deps);
  const { folder } = config.checkpoints;
  const kept = folder === null ? undefined : new CheckpointFolder(folder, store, log);
  return [
    { name: 'sign the audit', everyMs: second, run: () => checkpointer.signWhenDue(clock.now()) },
    ...(kept === undefined ? [] : [{ name: 'keep checkpoints', everyMs: second, run: () => kept.write() }]),
    {
      name: 'record reads of the audit',
      everyMs: minute,
      run: async () => {
        const audit = reads.flush(clock.now());
        if (audit.length > 0) await store.commit({ changes: [], audit });
      },
    },
  ];
}
