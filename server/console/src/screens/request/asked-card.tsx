import { Badge, Group, Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { readers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { EmergencySign } from '../../parts/exception/exception-link.tsx';
import { Facts } from '../../parts/facts.tsx';
import { sayLength } from '../../parts/say-time.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.request.asked;

/** What is asked for, by whom and why, in their words. */
export function AskedCard({ exception }: { exception: ExceptionView }) {
  const { kind, rules, resources, role, person, requestedBy, template, requestedAuthn } = exception;
  const isReader = useIs(...readers);
  return (
    <Card
      title={words.title}
      actions={
        <Group gap={6}>
          {exception.emergency && <EmergencySign />}
          <Badge color="gray">{t.deciding.kinds[kind]}</Badge>
        </Group>
      }
    >
      <Facts
        facts={[
          [
            words.why,
            <Text key="why" size="sm" data-justification style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {exception.justification}
            </Text>,
          ],
          [words.who, person.name],
          [words.by, requestedBy.id === person.id ? null : requestedBy.name],
          [words.what, kind === 'access' ? t.mine.scope.access(resources.join(', '), role ?? '') : rules.join(', ')],
          [
            words.resources,
            kind === 'access' ? null : resources.length === 0 ? words.allResources : resources.join(', '),
          ],
          [words.length, sayLength(exception.durationSeconds)],
          [words.begins, exception.startsAt === null ? null : <When key="begins" at={exception.startsAt} both />],
          [words.reason, exception.reasonCode],
          [words.ticket, exception.ticket],
          [words.template, template === null ? null : words.templateText(template.name, template.version)],
          [
            words.when,
            <span key="when">
              <When at={exception.requestedAt} both />
              {requestedAuthn !== null && ` ${t.deciding.votes.proof[requestedAuthn.level]}`}
            </span>,
          ],
          [
            words.extends,
            exception.extends === null ? null : (
              <AppLink key="extends" size="sm" to="/exceptions/$id" params={{ id: exception.extends }}>
                {words.extendsLink}
              </AppLink>
            ),
          ],
          [
            words.together,
            exception.set === null || !isReader ? null : (
              <AppLink key="set" size="sm" to="/exceptions" search={{ tab: 'all', set: exception.set }}>
                {words.togetherLink}
              </AppLink>
            ),
          ],
          [words.id, <CopyText key="id" text={exception.id} label={words.id} />],
        ]}
      />
    </Card>
  );
}
