import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct, useGet } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { Page } from '../../parts/page.tsx';
import { tell, tellRefusal } from '../../parts/tell.ts';
import type { TemplateProposal, TemplateTrial } from '../../parts/template/types.ts';
import { UnsavedGuard } from '../../parts/unsaved-guard.tsx';
import type { JsonSchema } from '../../parts/yaml-editor/schema-at.ts';
import { useFaults } from '../../parts/yaml-editor/use-faults.ts';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';

const words = t.templates;

/** Writes a text and proposes it. A proposal is not edited: another one is made. */
export function ProposalForm({ document, name }: { document: string; name: string | undefined }) {
  const [text, setText] = useState(document);
  const [note, setNote] = useState('');
  const navigate = useNavigate();
  const schema = useGet<JsonSchema>('/v1/template.schema.json');
  const { faults, trial, isCurrent } = useFaults<TemplateTrial>('/v1/admin/templates/trials', text, (written) => ({
    document: written,
  }));
  const send = useAct(() => {
    const body = { document: text, ...(note.trim() === '' ? {} : { note: note.trim() }) };
    return call<TemplateProposal>('POST', '/v1/admin/templates/proposals', body);
  }, staleAfter.template);
  const go = async () => {
    try {
      const { id } = await send.mutateAsync();
      tell(words.sent);
      await navigate({ to: '/template-proposals/$id', params: { id }, replace: true, ignoreBlocker: true });
    } catch (refusal) {
      tellRefusal(refusal);
    }
  };
  return (
    <Page
      title={name === undefined ? words.newTitle : words.changeTitle(name)}
      above={<AppLink to="/templates">{words.all}</AppLink>}
      lead={words.newLead}
    >
      <UnsavedGuard isDirty={text !== document || note !== ''} />
      <Stack>
        <YamlEditor value={text} onChange={setText} label={words.editorLabel} schema={schema.data} faults={faults} />
        <Text size="sm" c="dimmed" role="status">
          {!isCurrent ? t.drafting.looking : trial === undefined ? '' : sayTrial(trial)}
        </Text>
        <Textarea
          label={t.drafting.note}
          autosize
          maxLength={1000}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <Group>
          <Button onClick={() => void go()} loading={send.isPending}>
            {words.send}
          </Button>
        </Group>
      </Stack>
    </Page>
  );
}

function sayTrial({ unchanged, version, title }: TemplateTrial): string {
  return unchanged ? t.drafting.unchanged : t.drafting.wouldBe(version, title);
}
