import { Grid } from '@mantine/core';
import type { Overview as Answer } from '@postern/shared/protocol/overview';
import { useGet } from '../../api/queries.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { Fleet } from './fleet.tsx';
import { Needs } from './needs.tsx';
import { Trend } from './trend.tsx';

/** How a device stands is counted anew a moment after what changed it was told. */
const againMs = 15_000;

/** What needs somebody, and how the fleet stands. */
export default function Overview() {
  const { data, error, refetch } = useGet<Answer>('/v1/admin/overview', {}, { refetchInterval: againMs });
  return (
    <Page title={t.overview.title} lead={t.overview.lead}>
      {data === undefined ? (
        <NotYet error={error} refetch={refetch} />
      ) : (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Needs needs={data.needs} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Fleet fleet={data.fleet} />
          </Grid.Col>
          <Grid.Col span={12}>
            <Trend days={data.trend} />
          </Grid.Col>
        </Grid>
      )}
    </Page>
  );
}
