import { List, Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { Facts } from '../../parts/facts.tsx';
import { peopleText } from '../../parts/mine/scope.ts';
import { sayLength } from '../../parts/say-time.ts';
import { Countdown, When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.mine.requests;

/** Where a request of one's own stands, until when, and who decides. */
export function RequestFacts({ exception }: { exception: ExceptionView }) {
  const { state, stages, decisions, expiresAt, lapsesAt, startsAt, autoApprovedBy } = exception;
  const waits = state === 'pending';
  return (
    <Facts
      facts={[
        [words.device, exception.device.name],
        [words.length, sayLength(exception.durationSeconds)],
        [
          words.waitsFor,
          waits && stages.length > 0 ? (
            <List key="stages" size="sm">
              {stages.map((stage) => (
                <List.Item key={stage.title}>
                  {words.stage(stage.title, peopleText(stage, words.manager), stage.given, stage.approvals)}
                </List.Item>
              ))}
            </List>
          ) : null,
        ],
        [words.lapses, waits ? <Countdown key="lapses" until={lapsesAt} /> : null],
        [
          words.begins,
          state === 'scheduled' || (waits && startsAt !== null) ? (
            <When key="begins" at={exception.beginsAt ?? startsAt} both />
          ) : null,
        ],
        [
          state === 'approved' ? words.beginBy : words.ends,
          expiresAt === null ? null : <Countdown key="ends" until={expiresAt} />,
        ],
        [words.votes, decisions.length === 0 ? null : <Votes key="votes" decisions={decisions} />],
        [words.state, autoApprovedBy === null ? null : words.autoApproved(autoApprovedBy)],
        [
          words.why,
          <Text key="why" size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {exception.justification}
          </Text>,
        ],
        [words.reason, exception.reasonCode],
        [words.ticket, exception.ticket],
        [words.risk, words.riskText(exception.risk.score)],
        [words.asked, <When key="asked" at={exception.requestedAt} both />],
        [words.askedBy, exception.requestedBy.id === exception.person.id ? null : exception.requestedBy.name],
      ]}
    />
  );
}

function Votes({ decisions }: { decisions: ExceptionView['decisions'] }) {
  return (
    <List size="sm">
      {decisions.map(({ by, verdict, reason, at }) => (
        <List.Item key={by.id}>
          {words.vote(by.name, verdict === 'approve' ? words.approved : words.denied)}, <When at={at} />
          {reason !== null && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {words.voteReason(reason)}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
