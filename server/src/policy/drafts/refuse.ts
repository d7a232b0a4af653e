import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import { stepUpRequired } from '../../http/step-up.ts';
import type { Situation } from './circumstances.ts';
import type { DraftRecord } from './record.ts';

/** The refusal of the state machine, with what the caller needs to go on. */
export function refuse(code: ErrorCode, draft: DraftRecord, { content, circumstances }: Situation): Fault {
  switch (code) {
    case 'step_up_required':
      return stepUpRequired();
    case 'policy_invalid':
      return new Fault(code, { details: content.faults });
    case 'policy_draft_state':
      return new Fault(code, { members: { state: draft.state } });
    case 'policy_draft_outdated':
      return new Fault(code, {
        members: { base_version: draft.baseVersion, version_in_force: circumstances.inForce?.version ?? null },
      });
    default:
      return new Fault(code);
  }
}
