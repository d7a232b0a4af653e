import { Text } from '@mantine/core';
import type { AnalyticsReport } from '@postern/shared/protocol/analytics';
import { AppLink } from '../../parts/app-link.tsx';
import { t } from '../../strings/index.ts';

type About = AnalyticsReport['rows'][number]['about'][number];

/** Where in the console it is shown; a template, resource or review is in a list. */
function placeOf({ kind, id }: About): { to: string; search?: Record<string, string> } {
  switch (kind) {
    case 'person':
      return { to: `/people/${encodeURIComponent(id)}` };
    case 'device':
      return { to: `/devices/${encodeURIComponent(id)}` };
    case 'exception':
      return { to: `/exceptions/${encodeURIComponent(id)}` };
    case 'rule':
      return { to: `/policies/${encodeURIComponent(id.split('/')[0] ?? '')}` };
    case 'template':
      return { to: '/templates' };
    case 'resource':
      return { to: '/access', search: { resource: id } };
    case 'review':
      return { to: '/reviews', search: { review: id } };
  }
}

/** Whom or what a row is about, each with the way to it. */
export function AboutLinks({ about }: { about: readonly About[] }) {
  return (
    <div>
      {about.map((each, index) => {
        const { to, search = {} } = placeOf(each);
        return (
          <div key={`${index} ${each.id}`} style={{ overflowWrap: 'anywhere' }}>
            <AppLink to={to} search={search} inherit>
              {each.name}
            </AppLink>
            <Text span size="xs" c="dimmed">
              {` ${t.analytics.about[each.kind]}`}
            </Text>
          </div>
        );
      })}
    </div>
  );
}
