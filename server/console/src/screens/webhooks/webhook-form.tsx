import { MultiSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { NoticeType } from '@postern/shared/protocol/notice';
import type { WebhookFormat } from '@postern/shared/protocol/webhook';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { t } from '../../strings/index.ts';
import { kinds } from './kinds.ts';

const words = t.webhooks;

/** What an admin has entered so far. */
export interface WebhookWish {
  label: string;
  url: string;
  format: WebhookFormat;
  events: NoticeType[];
}

/** What a webhook is: the same to add one and to change one. */
export function WebhookForm({
  begin,
  isNew,
  button,
  error,
  isBusy,
  send,
  cancel,
}: {
  begin: WebhookWish;
  /** The form and the address are given once; the address is a secret to many, and so never shown whole. */
  isNew: boolean;
  button: string;
  error: unknown;
  isBusy: boolean;
  send: (wish: WebhookWish) => void;
  cancel: () => void;
}) {
  const [wish, setWish] = useState(begin);
  const change = (some: Partial<WebhookWish>) => setWish((before) => ({ ...before, ...some }));
  return (
    <Form send={() => send({ ...wish, label: wish.label.trim(), url: wish.url.trim() })}>
      {isNew && (
        <SegmentedControl
          aria-label={words.format}
          data={(['standard', 'slack'] as const).map((value) => ({ value, label: words.formats[value] }))}
          value={wish.format}
          onChange={(format) => change({ format: format === 'slack' ? 'slack' : 'standard' })}
        />
      )}
      <TextInput
        label={words.label}
        placeholder={words.labelHint}
        required
        maxLength={120}
        value={wish.label}
        onChange={({ currentTarget }) => change({ label: currentTarget.value })}
        data-autofocus
      />
      <TextInput
        label={words.url}
        description={isNew ? words.urlHint : words.urlStays}
        type="url"
        required={isNew}
        maxLength={2048}
        autoComplete="off"
        value={wish.url}
        onChange={({ currentTarget }) => change({ url: currentTarget.value })}
      />
      <MultiSelect
        label={words.eventsField}
        description={words.eventsHint}
        data={kinds}
        searchable
        clearable
        value={wish.events}
        onChange={(events) => change({ events })}
        clearButtonProps={{ 'aria-label': t.common.none }}
      />
      <FormEnd error={error} cancel={cancel} button={button} isBusy={isBusy} />
    </Form>
  );
}
