import { Modal, Stack, Text } from '@mantine/core';
import type { ExceptionEvidence, WaitingRequest } from '@postern/shared/protocol/evidence';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { ApproveForm } from '../../parts/exception/approve-form.tsx';
import { Opens } from '../../parts/exception/opens.tsx';
import { RiskSign } from '../../parts/exception/risk-sign.tsx';
import { RulesTable } from '../../parts/exception/rules-table.tsx';
import { yourPart } from '../../parts/exception/your-part.ts';
import { scopeText } from '../../parts/mine/scope.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import { useMe } from '../../app/session.tsx';
import { t } from '../../strings/index.ts';

/** Approves from the inbox: with the evidence that matters most above the button, and a link to the rest. */
export function ApproveDialog({ request, onClose }: { request: WaitingRequest; onClose: () => void }) {
  const { id, person, justification } = request;
  const { data, error, refetch } = useGet<ExceptionEvidence>(`/v1/admin/exceptions/${id}/evidence`);
  return (
    <Modal opened onClose={onClose} title={t.inbox.asks(person.name, scopeText(request))} size="xl">
      {data === undefined ? (
        <NotYet error={error} refetch={refetch} />
      ) : (
        <Stack>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {justification}
          </Text>
          <span>
            <RiskSign score={data.exception.risk.score} />
          </span>
          <RulesTable evidence={data} />
          {data.impact !== null && <Opens impact={data.impact} />}
          <AppLink to="/exceptions/$id" params={{ id }} size="sm">
            {t.inbox.keys.list.enter}
          </AppLink>
          <Decide evidence={data} seen={request.requestHash} onClose={onClose} />
        </Stack>
      )}
    </Modal>
  );
}

/** What was edited meanwhile is another request than the one whose button was pressed. */
function Decide({ evidence, seen, onClose }: { evidence: ExceptionEvidence; seen: string; onClose: () => void }) {
  const { id: myId } = useMe();
  const { exception, acts } = evidence;
  if (exception.requestHash !== seen) return <Text fw={600}>{t.request.changed.title}</Text>;
  if (!acts.approve.may) return <Text fw={600}>{yourPart(exception, acts, myId)}</Text>;
  return <ApproveForm evidence={evidence} done={onClose} cancel={onClose} />;
}
