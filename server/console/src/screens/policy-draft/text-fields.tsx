import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconEye, IconShieldCheck } from '@tabler/icons-react';
import { useGet } from '../../api/queries.ts';
import { enforcementOf, withEnforcement } from '../../parts/policy/enforcement.ts';
import type { PolicyTrial } from '../../parts/policy/types.ts';
import type { JsonSchema } from '../../parts/yaml-editor/schema-at.ts';
import { useFaults } from '../../parts/yaml-editor/use-faults.ts';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

interface TextFieldsProps {
  text: string;
  setText: (text: string) => void;
  note: string;
  setNote: (note: string) => void;
  save: () => Promise<void>;
  isSaving: boolean;
  isDirty: boolean;
}

/** The text with its faults in place, and what is said of it. */
export function TextFields({ text, setText, note, setNote, save, isSaving, isDirty }: TextFieldsProps) {
  const schema = useGet<JsonSchema>('/v1/policy.schema.json');
  const { faults, trial, isCurrent } = useFaults<PolicyTrial>('/v1/admin/policies', text, (document) => ({
    document,
    dryRun: true,
  }));
  const other = enforcementOf(text) === 'enforce' ? 'report-only' : 'enforce';
  return (
    <Stack>
      <YamlEditor value={text} onChange={setText} label={words.editorLabel} schema={schema.data} faults={faults} />
      <Text size="sm" c="dimmed" role="status">
        {!isCurrent ? t.drafting.looking : trial === undefined ? '' : sayTrial(trial)}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={other === 'enforce' ? <IconShieldCheck size={14} /> : <IconEye size={14} />}
          onClick={() => setText(withEnforcement(text, other))}
        >
          {other === 'enforce' ? words.enforce : words.watchOnly}
        </Button>
        <Text size="xs" c="dimmed" flex="1 1 16rem">
          {words.watchOnlyHint}
        </Text>
      </Group>
      <Textarea
        label={t.drafting.note}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={1000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Group>
        <Button onClick={() => void save()} loading={isSaving} disabled={!isDirty}>
          {words.save}
        </Button>
        {isDirty && (
          <Text size="sm" c="dimmed">
            {words.unsaved}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

function sayTrial({ unchanged, version, title, changedRules }: PolicyTrial): string {
  if (unchanged) return t.drafting.unchanged;
  const changes = changedRules.length === 0 ? '' : ` ${words.changed(changedRules.length)}`;
  return `${t.drafting.wouldBe(version, title)}.${changes}`;
}
