import { minute, second } from '@postern/shared/time';
import type { Job } from '../jobs.ts';
import type { Metrics } from '../metrics.ts';
import { CheckpointFolder } from './checkpoints/folder.ts';
import { type AuditDeps, stateOf } from './shared-state.ts';

/** What runs beside the requests. */
export function auditJobs(deps: AuditDeps & { metrics: Pick<Metrics, 'auditSigningStopped'> }): Job[] {
  const { store, config, clock, log, metrics } = deps;
  const { checkpointer, reads } = stateOf(deps);
  const { folder } = config.checkpoints;
  const kept = folder === null ? undefined : new CheckpointFolder(folder, store, log);
  const sign = async () => {
    await checkpointer.signWhenDue(clock.now());
    metrics.auditSigningStopped(checkpointer.isStopped);
  };
  return [
    { name: 'sign the audit', everyMs: second, run: sign },
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
