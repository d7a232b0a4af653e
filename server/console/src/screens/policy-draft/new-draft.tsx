import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct, usePages } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { ScreenNotForYou } from '../../parts/not-for-you.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { type Enforcement, withEnforcement } from '../../parts/policy/enforcement.ts';
import type { Draft, PolicyVersion } from '../../parts/policy/types.ts';
import { useSearchState } from '../../parts/search-state.ts';
import { tell, tellRefusal } from '../../parts/tell.ts';
import { UnsavedGuard } from '../../parts/unsaved-guard.tsx';
import { t } from '../../strings/index.ts';
import { TextFields } from './text-fields.tsx';

const words = t.policyDraft;

/** Begins with a version of a policy, with another enforcement perhaps, or with the shortest policy that there is. */
export function NewDraft() {
  const { value } = useSearchState(['policy', 'version', 'enforcement']);
  const isAdmin = useIs('admin');
  const versions = usePages<PolicyVersion>(
    `/v1/admin/policies/${value.policy ?? ''}/versions`,
    { limit: 100 },
    { enabled: value.policy !== undefined },
  );
  if (!isAdmin) return <ScreenNotForYou />;
  if (value.policy === undefined) return <Begun document={t.policies.starter} policy={undefined} />;
  if (versions.data === undefined)
    return <NotYet error={versions.error} refetch={versions.refetch} title={t.common.things.policyDraft} />;
  const items = versions.data.pages.flatMap((page) => page.items);
  const from = items.find(({ version }) => String(version) === value.version) ?? items[0];
  const document = from?.document ?? t.policies.starter;
  const wanted: Enforcement | undefined =
    value.enforcement === 'enforce' || value.enforcement === 'report-only' ? value.enforcement : undefined;
  return <Begun document={wanted === undefined ? document : withEnforcement(document, wanted)} policy={value.policy} />;
}

function Begun({ document, policy }: { document: string; policy: string | undefined }) {
  const [text, setText] = useState(document);
  const [note, setNote] = useState('');
  const navigate = useNavigate();
  const save = useAct(() => {
    const body = { document: text, ...(note.trim() === '' ? {} : { note: note.trim() }) };
    return call<Draft>('POST', '/v1/admin/policy-drafts', body);
  }, staleAfter.policy);
  const go = async () => {
    try {
      const { id } = await save.mutateAsync();
      tell(words.savedAs);
      await navigate({ to: '/policy-drafts/$id', params: { id }, replace: true, ignoreBlocker: true });
    } catch (refusal) {
      tellRefusal(refusal);
    }
  };
  return (
    <Page
      title={policy === undefined ? words.newTitle : words.newOf(policy)}
      above={<AppLink to="/policies">{t.policy.all}</AppLink>}
      lead={words.newLead}
    >
      <UnsavedGuard isDirty={text !== document || note !== ''} />
      <TextFields
        text={text}
        setText={setText}
        note={note}
        setNote={setNote}
        save={go}
        isSaving={save.isPending}
        isDirty
      />
    </Page>
  );
}
