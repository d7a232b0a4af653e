import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { useIs, useMe } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';
import { Approve } from './approve.tsx';
import { Discard } from './discard.tsx';
import { StartReplay } from './start-replay.tsx';
import { Submit } from './submit.tsx';
import { TakeBack } from './take-back.tsx';

const words = t.policyDraft;

/** What may be done with a draft as it stands. `save` is there while something is not saved. */
export function DraftActions({
  draft,
  save,
  replay,
}: {
  draft: Draft;
  save: (() => Promise<Draft | undefined>) | undefined;
  replay: PolicyReplay | undefined;
}) {
  const isAdmin = useIs('admin');
  const { id } = useMe();
  const isOpen = draft.state === 'draft' || draft.state === 'submitted';
  if (!isOpen)
    return draft.state === 'published' && draft.policy !== null ? (
      <ButtonLink variant="default" to="/policies/$name" params={{ name: draft.policy }}>
        {words.toPolicy}
      </ButtonLink>
    ) : null;
  if (!isAdmin) return null;
  const isSubmitted = draft.state === 'submitted';
  const isText = draft.action === 'publish';
  return (
    <>
      <Discard draft={draft} />
      {isSubmitted && isText && <TakeBack draft={draft} isAuthor={draft.authors.some((author) => author.id === id)} />}
      {isText && <StartReplay draft={draft} save={save} />}
      {isSubmitted ? <Approve draft={draft} replay={replay} /> : <Submit draft={draft} save={save} />}
    </>
  );
}
