import { Checkbox, MultiSelect, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResourceTier } from '@postern/shared/protocol/resource';
import { canonicalJson } from '@postern/shared/canonical';
import { refreshPath, useGet } from '../../api/queries.ts';
import { sha256, toBase64Url, utf8 } from '../../parts/bytes.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { linesOf } from '../../parts/lines-of.ts';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import type { TemplateVersion } from '../../parts/template/types.ts';
import { t } from '../../strings/index.ts';
import type { Resource } from './resource-type.ts';

const words = t.resources;
const tiers = ['low', 'medium', 'high', 'critical'] as const satisfies readonly ResourceTier[];

/** Tier and temporary access of one resource. Who opens it to more people shows who they are. */
export function ResourceForm({ resource, done }: { resource: Resource; done: () => void }) {
  const { name, title, tier, access } = resource;
  const client = useQueryClient();
  const templates = useGet<{ items: TemplateVersion[] }>('/v1/admin/templates');
  const [error, setError] = useState<unknown>();
  const form = useForm({
    initialValues: {
      title: title ?? '',
      tier: tier ?? '',
      isOnRequest: access !== null,
      roles: access?.roles.join('\n') ?? '',
      templates: access?.templates ?? [],
    },
  });
  const { tier: chosen, isOnRequest } = form.values;
  // What has none is not kept at all, so that there is nothing to say of it.
  const isKept = chosen !== '';
  const save = async (values: typeof form.values) => {
    setError(undefined);
    const wanted = {
      tier: tiers.find((each) => each === values.tier) ?? null,
      access: isKept && values.isOnRequest ? { roles: linesOf(values.roles), templates: values.templates } : null,
    };
    try {
      const content = toBase64Url(await sha256(utf8(canonicalJson(wanted))));
      await sendProven(
        'PUT',
        '/v1/admin/resources',
        { name, title: (isKept && values.title.trim()) || null, ...wanted },
        {
          about: { purpose: 'manage', about: { action: 'change-resource', target: name, content } },
          sentence: words.proof(name),
        },
      );
      tell(words.saved);
      done();
    } catch (refusal) {
      setError(refusal);
    } finally {
      await refreshPath(client, '/v1/admin/resources');
    }
  };
  return (
    <form onSubmit={form.onSubmit(save)}>
      <Stack>
        <NativeSelect
          label={words.tier}
          description={isKept ? undefined : words.noTierHint}
          data={[
            { value: '', label: words.noTier },
            ...tiers.map((each) => ({ value: each, label: words.tiers[each] })),
          ]}
          {...form.getInputProps('tier')}
        />
        {isKept && (
          <>
            <TextInput label={words.titleField} maxLength={120} {...form.getInputProps('title')} />
            <Checkbox
              label={words.onRequest}
              description={words.onRequestHint}
              {...form.getInputProps('isOnRequest', { type: 'checkbox' })}
            />
          </>
        )}
        {isKept && isOnRequest && (
          <>
            <Textarea label={words.rolesField} required autosize minRows={2} {...form.getInputProps('roles')} />
            <MultiSelect
              label={words.templatesField}
              required
              data={(templates.data?.items ?? [])
                .filter(({ kind }) => kind === 'access')
                .map((each) => ({ value: each.name, label: each.title }))}
              {...form.getInputProps('templates')}
            />
          </>
        )}
        <FormEnd error={error} cancel={done} button={t.common.save} isBusy={form.submitting} />
      </Stack>
    </form>
  );
}
