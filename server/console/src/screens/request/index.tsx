import { useParams } from '@tanstack/react-router';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { useGet } from '../../api/queries.ts';
import { readers } from '../../app/roles.ts';
import { useIs, useMe } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { Opens } from '../../parts/exception/opens.tsx';
import { RulesTable } from '../../parts/exception/rules-table.tsx';
import { scopeText } from '../../parts/mine/scope.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { AskedCard } from './asked-card.tsx';
import { DecisionCard } from './decision-card.tsx';
import { DeviceCard } from './device-card.tsx';
import { OthersCard } from './others-card.tsx';
import { PersonCard } from './person-card.tsx';
import classes from './request.module.css';
import { RiskCard } from './risk-card.tsx';
import { SimilarCard } from './similar-card.tsx';
import { TimelineCard } from './timeline-card.tsx';

const words = t.request;

/** One request, or what became of it, with all that one decides by beside the buttons. */
export default function Request() {
  const { id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useGet<ExceptionEvidence>(`/v1/admin/exceptions/${id}/evidence`);
  // What is kept from the request before this one is no evidence of this one.
  if (data === undefined || data.exception.id !== id)
    return <NotYet error={error} refetch={refetch} title={t.common.things.request} />;
  return <Evidence key={id} evidence={data} />;
}

function Evidence({ evidence }: { evidence: ExceptionEvidence }) {
  const { exception, impact } = evidence;
  const isReader = useIs(...readers);
  return (
    <Page title={words.title(exception.person.name, scopeText(exception))} above={<Above evidence={evidence} />}>
      <div className={classes['columns']}>
        <AskedCard exception={exception} />
        <aside className={classes['aside']}>
          <DecisionCard evidence={evidence} />
        </aside>
        <div className={classes['evidence']}>
          {exception.kind === 'device' && (
            <Card title={words.rules}>
              <RulesTable evidence={evidence} />
            </Card>
          )}
          {impact !== null && (
            <Card title={words.opens}>
              <Opens impact={impact} />
            </Card>
          )}
          <RiskCard exception={exception} />
          <OthersCard others={evidence.others} />
          <DeviceCard device={evidence.device} mayOpen={isReader} />
          <PersonCard evidence={evidence} mayOpen={isReader} />
          <SimilarCard similar={evidence.similar} isReader={isReader} />
          <TimelineCard timeline={evidence.timeline} />
        </div>
      </div>
    </Page>
  );
}

/** The list that it is in for whoever looks. */
function Above({ evidence: { exception } }: { evidence: ExceptionEvidence }) {
  const { id } = useMe();
  const isReader = useIs(...readers);
  if (exception.person.id === id)
    return (
      <AppLink size="sm" to="/me/requests">
        {words.toMine}
      </AppLink>
    );
  const isOver = isReader && exception.state !== 'pending';
  return (
    <AppLink size="sm" to={isOver ? '/exceptions' : '/inbox'}>
      {isOver ? words.toExceptions : words.toInbox}
    </AppLink>
  );
}
