import { Alert, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { BrakeDetail } from '@postern/shared/protocol/brake';
import { useGet } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { BrakeSign } from '../../parts/brake/brake-sign.tsx';
import { sayBuild } from '../../parts/brake/say-build.ts';
import { Facts } from '../../parts/facts.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { Countdown, When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { Affected } from './affected.tsx';
import { Extend } from './extend.tsx';
import { Release } from './release.tsx';

const words = t.brakes;

/** One brake: what the devices reported before and report now, and whether to believe it. */
export default function BrakeScreen() {
  const { id = '' } = useParams({ strict: false });
  const { data: brake, error, refetch } = useGet<BrakeDetail>(`/v1/admin/brakes/${id}`);
  const isAdmin = useIs('admin');
  if (brake === undefined || brake.id !== id)
    return <NotYet error={error} refetch={refetch} title={t.common.things.brake} />;
  const { check, state, openedAt, endsAt, decidedBy, decidedAt, reason } = brake;
  const holds = state === 'holding';
  return (
    <Page
      title={words.of(check, sayBuild(brake))}
      above={<AppLink to="/brakes">{words.all}</AppLink>}
      lead={words.what(brake.devices, brake.devicesOfBuild, check)}
      actions={
        isAdmin &&
        holds && (
          <>
            <Extend brake={brake} />
            <Release brake={brake} />
          </>
        )
      }
    >
      <Stack gap="lg">
        <Alert color={holds ? 'orange' : 'gray'}>{holds ? words.holds : words.over}</Alert>
        <Facts
          facts={[
            [words.state, <BrakeSign key="state" state={state} />],
            [words.opened, <When key="opened" at={openedAt} both />],
            [words.ends, holds ? <Countdown key="ends" until={endsAt} /> : <When key="ends" at={endsAt} both />],
            [words.decidedBy, decidedBy?.name],
            [t.common.decided, decidedAt === null ? null : <When key="decided" at={decidedAt} both />],
            [t.common.reason, reason],
          ]}
        />
        <Affected brake={brake} />
      </Stack>
    </Page>
  );
}
