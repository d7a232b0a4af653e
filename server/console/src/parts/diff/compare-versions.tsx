import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { t } from '../../strings/index.ts';
import { useSearchState } from '../search-state.ts';
import { Diff } from './diff.tsx';

const words = t.diff;

/** Any two versions side by side; which ones stands in the address. Newest first, as lists give them. */
export function CompareVersions({ versions }: { versions: readonly { version: number; document: string }[] }) {
  const { value, change } = useSearchState(['from', 'to']);
  const [newest, before] = versions;
  if (newest === undefined || before === undefined) return <Text size="sm">{words.oneVersion}</Text>;
  const pick = (wanted: string | undefined, usual: typeof newest) =>
    versions.find(({ version }) => String(version) === wanted) ?? usual;
  const [from, to] = [pick(value.from, before), pick(value.to, newest)];
  const data = versions.map(({ version }) => ({ value: String(version), label: words.versionOf(version) }));
  return (
    <Stack>
      <Group>
        <NativeSelect
          label={words.from}
          data={data}
          value={String(from.version)}
          onChange={({ currentTarget }) => change({ from: currentTarget.value })}
        />
        <NativeSelect
          label={words.to}
          data={data}
          value={String(to.version)}
          onChange={({ currentTarget }) => change({ to: currentTarget.value })}
        />
      </Group>
      <Diff before={from.document} after={to.document} label={words.diffLabel(from.version, to.version)} />
    </Stack>
  );
}
