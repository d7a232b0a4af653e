import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import { stepUpRequired } from '../../http/step-up.ts';
import type { Situation } from './circumstances.ts';
import type { DraftRecord } from './record.ts';

/** The refusal of the state machine, with what the caller needs to go on. */
export function refuse(code: ErrorCode, draft: DraftRecord, { content, circumstances }: Situation): Fault {
  if (code === 'step_up_required') return stepUpRequired();
  if (code === 'policy_invalid') return new Fault(code, { details: content.faults });
  if (code === 'policy_draft_state') return new Fault(code, { members: { state: draft.state } });
  if (code !== 'policy_draft_outdated') return new Fault(code);
  const inForce = circumstances.inForce?.version ?? null;
  return new Fault(code, { members: { base_version: draft.baseVersion, version_in_force: inForce } });
}
