import { Code, List, Stack, Text } from '@mantine/core';
import { Diff } from '../../parts/diff/diff.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

/** What would be different from what is in force. */
export function ChangesView({ draft: { action, base, changedRules }, text }: { draft: Draft; text: string }) {
  if (base === null)
    return (
      <Stack>
        <Text size="sm">{words.noDiff}</Text>
        <YamlEditor value={text} label={words.editorLabel} />
      </Stack>
    );
  return (
    <Stack>
      <Text size="sm">{sayChanged(changedRules)}</Text>
      {changedRules !== null && changedRules.length > 0 && (
        <List size="sm">
          {changedRules.map((rule) => (
            <List.Item key={rule}>
              <Code>{rule}</Code>
            </List.Item>
          ))}
        </List>
      )}
      {action === 'publish' && <Diff before={base.document} after={text} label={words.diffLabel} />}
    </Stack>
  );
}

function sayChanged(rules: Draft['changedRules']): string {
  if (rules === null) return words.unknownChanged;
  return rules.length === 0 ? words.noChanged : words.changed(rules.length);
}
