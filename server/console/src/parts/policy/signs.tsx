import { Badge, Group, type MantineColor } from '@mantine/core';
import { IconEye, IconShieldCheck } from '@tabler/icons-react';
import type { PolicyDraftState } from '@postern/shared/protocol/policy-draft';
import { t } from '../../strings/index.ts';
import { Sign } from '../sign.tsx';
import type { Enforcement } from './enforcement.ts';

const words = t.policies;

/** Whether rules count, or are only watched. */
export function EnforcementSign({ enforcement }: { enforcement: Enforcement }) {
  return enforcement === 'enforce' ? (
    <Sign color="green" icon={IconShieldCheck} label={words.enforced} />
  ) : (
    <Sign color="gray" icon={IconEye} label={words.watched} />
  );
}

const colors: Readonly<Record<PolicyDraftState, MantineColor>> = {
  draft: 'gray',
  submitted: 'blue',
  published: 'green',
  discarded: 'gray',
};

/** Where a draft is; one that was overtaken says so. */
export function DraftSign({ state, outdated }: { state: PolicyDraftState; outdated: boolean }) {
  const isOpen = state === 'draft' || state === 'submitted';
  return (
    <Group gap={4}>
      <Badge color={colors[state]}>{words.states[state]}</Badge>
      {outdated && isOpen && <Badge color="yellow">{t.drafting.outdated}</Badge>}
    </Group>
  );
}
