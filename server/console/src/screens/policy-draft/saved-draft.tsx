import { Alert, Stack } from '@mantine/core';
import { IconInfoCircle, IconPointer } from '@tabler/icons-react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Refusal } from '../../api/refusal.ts';
import { staleAfter } from '../../api/stale.ts';
import { useIs } from '../../app/session.tsx';
import { AddressTabs } from '../../parts/address-tabs.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Page } from '../../parts/page.tsx';
import { enforcementOf } from '../../parts/policy/enforcement.ts';
import { JourneySteps } from '../../parts/policy/journey-steps.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { tell, tellRefusal } from '../../parts/tell.ts';
import { UnsavedGuard } from '../../parts/unsaved-guard.tsx';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';
import { ChangesView } from './changes-view.tsx';
import { Conflict } from './conflict.tsx';
import { DraftActions } from './draft-actions.tsx';
import { DraftFacts } from './draft-facts.tsx';
import { ReplayLine } from './replay-line.tsx';
import { TextFields } from './text-fields.tsx';
import { useDraftText } from './use-draft-text.ts';
import { useLastReplay } from './use-last-replay.ts';
import { whatNow } from './what-now.ts';

const words = t.policyDraft;

/** A stored draft: what is to be done with it, its text, and what it changes. */
export function SavedDraft({ draft }: { draft: Draft }) {
  const isAdmin = useIs('admin');
  const editing = useDraftText(draft);
  const replay = useLastReplay(draft);
  const isEditable = isAdmin && draft.state === 'draft' && draft.action === 'publish';
  const path = `/v1/admin/policy-drafts/${draft.id}`;
  const saving = useAct(() => {
    const note = editing.note.trim();
    const body = { document: editing.text, version: editing.version, ...(note === '' ? {} : { note }) };
    return call<Draft>('PUT', path, body);
  }, staleAfter.policy);
  const save = async (): Promise<Draft | undefined> => {
    try {
      const saved = await saving.mutateAsync();
      editing.take(saved);
      tell(words.saved);
      return saved;
    } catch (refusal) {
      // Whose text is in the way is shown as soon as it was read again.
      if (!(refusal instanceof Refusal && refusal.code === 'conflict')) tellRefusal(refusal);
      return undefined;
    }
  };
  const isReplayed = replay !== undefined;
  const { sentence, isUrgent } = whatNow(draft, { isAdmin, isReplayed });
  const journey = draft.state === 'draft' && draft.faults.length > 0 ? 'faulty' : draft.state;
  const name = draft.policy;
  return (
    <Page
      title={name === null ? words.nameless : draft.action === 'retire' ? words.retireTitle(name) : words.title(name)}
      above={<Above name={name} />}
      actions={<DraftActions draft={draft} save={editing.isDirty ? save : undefined} replay={replay} />}
    >
      <UnsavedGuard isDirty={isEditable && editing.isDirty} />
      <Stack gap="md">
        {draft.action === 'publish' && (
          <JourneySteps draft={journey} isReplayed={isReplayed} enforcement={enforcementOf(draft.document)} />
        )}
        <Alert color={isUrgent ? 'blue' : 'gray'} icon={isUrgent ? <IconPointer /> : <IconInfoCircle />}>
          {sentence}
        </Alert>
        {isEditable && editing.conflict && (
          <Conflict theirs={draft} mine={editing.text} takeTheirs={editing.takeTheirs} keepMine={editing.keepMine} />
        )}
        <DraftFacts draft={draft} />
        {draft.action === 'publish' && <ReplayLine replay={replay} draft={draft.id} />}
        <AddressTabs
          label={words.views}
          parameter="view"
          usual={draft.state === 'draft' ? 'text' : 'changes'}
          tabs={[
            {
              name: 'text',
              label: words.text,
              stays: true,
              content: isEditable ? (
                <TextFields {...editing} save={async () => void (await save())} isSaving={saving.isPending} />
              ) : (
                <YamlEditor value={draft.document} label={words.editorLabel} />
              ),
            },
            {
              name: 'changes',
              label: words.changes,
              content: <ChangesView draft={draft} text={isEditable ? editing.text : draft.document} />,
            },
          ]}
        />
      </Stack>
    </Page>
  );
}

function Above({ name }: { name: string | null }) {
  return name === null ? (
    <AppLink to="/policies">{t.policy.all}</AppLink>
  ) : (
    <AppLink to="/policies/$name" params={{ name }}>
      {name}
    </AppLink>
  );
}
