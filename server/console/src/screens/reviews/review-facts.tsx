import { Divider, Stack, Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { ReviewDetail } from '@postern/shared/protocol/review';
import { AppLink } from '../../parts/app-link.tsx';
import { RiskSign } from '../../parts/exception/risk-sign.tsx';
import { Votes } from '../../parts/exception/votes.tsx';
import { Facts } from '../../parts/facts.tsx';
import { scopeTitle } from '../../parts/mine/scope.ts';
import { sayLength } from '../../parts/say-time.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { verdictText } from './review.ts';

const words = t.reviews.detail;

/** What is to be looked at, and what was made of it. */
export function ReviewFacts({ review }: { review: ReviewDetail }) {
  const { kind, subject, person, reason, measured, dueAt, exception, tokens, verdict, decidedBy, note } = review;
  return (
    <Stack gap="sm" mb="md">
      <Facts
        facts={[
          [words.reason, reason],
          [words.person, person?.name],
          [words.rule, kind === 'rule' ? subject : null],
          [t.reviews.columns.asked, review.reviewers.map(({ name }) => name).join(', ') || t.reviews.everyApprover],
          [words.due, <When key="due" at={dueAt} both />],
        ]}
      />
      {measured !== null && <Text size="sm">{measured}</Text>}
      {exception !== null && <Exception exception={exception} />}
      {tokens !== null && <Text size="sm">{words.tokens(tokens)}</Text>}
      {verdict !== null && (
        <Text size="sm" fw={600}>
          {words.decided(decidedBy?.name ?? t.reviews.nobody, verdictText(kind, verdict))} {note}
        </Text>
      )}
      {verdict === null && !review.mayDecide && <Text fw={600}>{words.notYours}</Text>}
    </Stack>
  );
}

function Exception({ exception }: { exception: ExceptionView }) {
  const asked = t.request.asked;
  const { state, live, durationSeconds, justification, device, endedReason, risk, id } = exception;
  return (
    <>
      <Divider label={words.exception} labelPosition="left" />
      <Facts
        facts={[
          [asked.what, scopeTitle(exception)],
          [t.request.device.name, device.name],
          [asked.length, sayLength(durationSeconds)],
          [
            asked.why,
            <Text key="why" size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {justification}
            </Text>,
          ],
          [asked.ticket, exception.ticket],
          [t.request.decision.state, <ExceptionSign key="state" state={state} live={live} />],
          [t.request.decision.because, endedReason],
          [t.request.risk.title, <RiskSign key="risk" score={risk.score} />],
          [t.request.decision.votes, <Votes key="votes" exception={exception} />],
        ]}
      />
      <AppLink size="sm" to="/exceptions/$id" params={{ id }}>
        {words.openException}
      </AppLink>
    </>
  );
}
