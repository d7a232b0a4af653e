import { useQueryClient } from '@tanstack/react-query';
import type { ManageAbout } from '@postern/shared/protocol/step-up-subject';
import { refreshPath } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { sendProven } from '../proof/send-proven.ts';

/**
 * Does something to what is in force. Where there is only one admin the backend asks who they are instead of another one's
 * approval; the proof is bound to exactly this.
 */
export function useProvenPolicyAct() {
  const client = useQueryClient();
  return async <Answer>(
    path: string,
    body: Readonly<Record<string, unknown>>,
    { about, sentence }: { about: ManageAbout; sentence: string },
  ): Promise<Answer> => {
    try {
      return await sendProven<Answer>('POST', path, body, { about: { purpose: 'manage', about }, sentence });
    } finally {
      await Promise.all(staleAfter.policy.map((each) => refreshPath(client, each)));
    }
  };
}
