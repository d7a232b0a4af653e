import { NativeSelect, Stack, Switch } from '@mantine/core';
import { usePreferences } from '../../app/preferences.ts';
import { Card } from '../../parts/card.tsx';
import { t } from '../../strings/index.ts';

const words = t.account.preferences;

/** What somebody likes better, in this browser alone. */
export function PreferencesCard() {
  const [{ singleKeys, zone }, change] = usePreferences();
  return (
    <Card title={words.title}>
      <Stack gap="sm">
        <Switch
          label={words.keys}
          description={words.keysHelp}
          checked={singleKeys}
          onChange={({ currentTarget: { checked } }) => change({ singleKeys: checked })}
        />
        <NativeSelect
          label={words.zone}
          data={[
            { value: 'local', label: words.local },
            { value: 'UTC', label: words.utc },
          ]}
          value={zone}
          onChange={({ currentTarget: { value } }) => change({ zone: value === 'UTC' ? 'UTC' : 'local' })}
        />
      </Stack>
    </Card>
  );
}
