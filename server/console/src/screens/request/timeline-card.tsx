import { Text, Timeline } from '@mantine/core';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { keepers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.request.timeline;

/** What happened to it, as the audit log has it. */
export function TimelineCard({ timeline }: { timeline: ExceptionEvidence['timeline'] }) {
  const mayOpen = useIs(...keepers);
  return (
    <Card title={words.title}>
      <Timeline bulletSize={14} lineWidth={2} active={timeline.length}>
        {timeline.map(({ seq, at, type, outcome, actor, code, text }) => (
          <Timeline.Item key={seq} color={outcome === 'failure' ? 'red' : 'blue'}>
            <Text size="sm">
              <strong>{actor.name ?? words.system}</strong> {words.types[type] ?? type}
              {outcome === 'failure' && code !== null && ` (${words.refused(code)})`}
            </Text>
            {text !== null && (
              <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {text}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              <When at={at} both />
              {mayOpen && (
                <>
                  {' · '}
                  <AppLink size="xs" to="/audit/$seq" params={{ seq: String(seq) }}>
                    {words.entry(seq)}
                  </AppLink>
                </>
              )}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  );
}
