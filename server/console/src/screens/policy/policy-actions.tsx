import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';
import { Retire } from './retire.tsx';

const words = t.policy;

/** What admins do with a policy. All of it begins as a draft. */
export function PolicyActions({ newest, current }: { newest: PolicyVersion; current: PolicyVersion | undefined }) {
  const isAdmin = useIs('admin');
  if (!isAdmin) return null;
  const { name, version, enforcement } = current ?? newest;
  const search = { policy: name, version: String(version) };
  const other = enforcement === 'enforce' ? 'report-only' : 'enforce';
  return (
    <>
      {current !== undefined && <Retire policy={current} />}
      {current !== undefined && (
        <ButtonLink
          variant="default"
          to="/policy-drafts/$id"
          params={{ id: 'new' }}
          search={{ ...search, enforcement: other }}
        >
          {other === 'enforce' ? words.enforce : words.watchOnly}
        </ButtonLink>
      )}
      <ButtonLink to="/policy-drafts/$id" params={{ id: 'new' }} search={search}>
        {words.edit}
      </ButtonLink>
    </>
  );
}
