import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { keepers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { RoleBadges } from '../../parts/role-badges.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.people;

/** What somebody may do, whom they answer to, and what is theirs. */
export function FactsCard({ person }: { person: UserDetail }) {
  const { id, roles, groups, manager, managerName, createdAt, lastSignInAt, devices } = person;
  const mayReadAudit = useIs(...keepers);
  return (
    <Card title={words.one}>
      <Facts
        facts={[
          [words.columns.roles, <RoleBadges key="roles" roles={roles} />],
          [words.groups, groups.length === 0 ? t.common.none : groups.join(', ')],
          [
            words.manager,
            manager === null ? (
              t.common.none
            ) : (
              <AppLink key="manager" to="/people/$id" params={{ id: manager }}>
                {managerName ?? manager}
              </AppLink>
            ),
          ],
          [
            words.devices,
            <AppLink key="devices" to="/devices" search={{ owner: id }}>
              {words.showDevices(devices)}
            </AppLink>,
          ],
          [words.lastSignIn, <When key="last" at={lastSignInAt} both={lastSignInAt !== null} />],
          [words.since, <When key="since" at={createdAt} both />],
          [
            words.record,
            mayReadAudit ? (
              <AppLink key="record" to="/audit" search={{ about: id }}>
                {words.showRecord}
              </AppLink>
            ) : null,
          ],
        ]}
      />
    </Card>
  );
}
