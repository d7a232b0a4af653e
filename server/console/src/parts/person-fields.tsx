import { Checkbox, Stack, TagsInput, TextInput } from '@mantine/core';
import type { Role } from '@postern/shared/protocol/admin';
import { t } from '../strings/index.ts';

const words = t.people;
const roles = Object.keys(words.roles) as Role[];

/** What an admin has entered so far. */
export interface PersonWish {
  name: string;
  roles: Role[];
  groups: string[];
}

/** What admins say of a person, whether they add or change one. */
export function PersonFields({
  value,
  change,
  roleError,
}: {
  value: PersonWish;
  change: (some: Partial<PersonWish>) => void;
  /** Shown where no role is chosen. */
  roleError: boolean;
}) {
  return (
    <>
      <TextInput
        label={words.name}
        required
        maxLength={120}
        value={value.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        data-autofocus
      />
      <Checkbox.Group
        label={words.columns.roles}
        required
        value={value.roles}
        onChange={(chosen) => change({ roles: roles.filter((role) => chosen.includes(role)) })}
        error={roleError ? words.roleNeeded : undefined}
      >
        <Stack gap={6} mt={4}>
          {roles.map((role) => (
            <Checkbox key={role} value={role} label={words.roles[role]} description={words.roleHelp[role]} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TagsInput
        label={words.groups}
        description={words.groupsHelp}
        maxTags={100}
        value={value.groups}
        onChange={(groups) => change({ groups })}
        acceptValueOnBlur
      />
    </>
  );
}
