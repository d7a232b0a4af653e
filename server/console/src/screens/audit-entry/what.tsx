import { Blockquote, Code, Stack, Text } from '@mantine/core';
import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { AppLink } from '../../parts/app-link.tsx';
import { OutcomeSign } from '../../parts/audit/outcome-sign.tsx';
import { titleOf } from '../../parts/audit/say-entry.ts';
import { Someone } from '../../parts/audit/someone.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.audit.entry;

/** Who did what, when, about what; and what they wrote. */
export function What({ entry }: { entry: AuditEntryView }) {
  const { at, type, outcome, actor, actorName, subject, subjectName, text } = entry;
  return (
    <Card title={words.facts}>
      <Facts
        facts={[
          [
            words.type,
            <span key="type">
              {titleOf(type)} <Code>{type}</Code>
            </span>,
          ],
          [words.outcome, <OutcomeSign key="outcome" outcome={outcome} />],
          [words.time, <When key="time" at={at} both />],
          [
            words.who,
            <Stack key="who" gap={2}>
              <Someone who={actor} name={actorName} isIdBeside />
              {actor.id !== null && (
                <>
                  <CopyText text={actor.id} label={words.who} />
                  <AppLink to="/audit" search={{ actor: actor.id }} size="sm">
                    {words.allOfActor}
                  </AppLink>
                </>
              )}
            </Stack>,
          ],
          [
            words.about,
            subject !== null && (
              <Stack key="about" gap={2}>
                <Someone who={subject} name={subjectName} isIdBeside />
                <CopyText text={subject.id} label={words.about} />
                <AppLink to="/audit" search={{ about: subject.id }} size="sm">
                  {words.allOfSubject}
                </AppLink>
              </Stack>
            ),
          ],
        ]}
      />
      {text !== null && (
        <div>
          <Text size="sm" c="dimmed">
            {words.text}
          </Text>
          <Blockquote p="sm" mt={4} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {text}
          </Blockquote>
        </div>
      )}
    </Card>
  );
}
