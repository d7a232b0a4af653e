import { Button, Group } from '@mantine/core';
import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import { ButtonLink } from '../../parts/app-link.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { t } from '../../strings/index.ts';

/** What somebody decided about a code. */
export type Decision = 'enroll' | 'signIn' | 'deny';

const words = t.deviceCode;
const said = { enroll: words.enroll.done, signIn: words.signIn.done, deny: words.denied } as const;

/** What was decided, and that nothing more is to be done here. */
export function Decided({ decision, again }: { decision: Decision; again: () => void }) {
  return (
    <div role="status">
      <EmptyState icon={decision === 'deny' ? IconBan : IconCircleCheck} {...said[decision]}>
        <Group gap="xs">
          <ButtonLink to="/me" variant="default">
            {words.myDevices}
          </ButtonLink>
          <Button variant="subtle" onClick={again}>
            {words.another}
          </Button>
        </Group>
      </EmptyState>
    </div>
  );
}
