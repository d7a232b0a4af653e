import { Button, Grid, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Card } from '../../parts/card.tsx';
import { Form } from '../../parts/form/form.tsx';
import { Refused } from '../../parts/form/refused.tsx';
import { LengthField } from '../../parts/mine/length-field.tsx';
import { WhyField } from '../../parts/mine/why-field.tsx';
import { t } from '../../strings/index.ts';
import { Consequences } from './consequences.tsx';
import { ConfirmEmergency } from './confirm-emergency.tsx';
import { useSend } from './use-send.ts';
import { WayField } from './way-field.tsx';
import { isWhole, type Request, type Way, type Wish } from './wish.ts';

const words = t.ask;

/** What every way to ask has in common: its fields, what it would mean, and the button. */
export function AskForm({
  path,
  preview,
  device,
  request,
  wish,
  change,
  ways,
  way,
  isEmergency,
  children,
}: {
  path: string;
  preview: string;
  device: string;
  request: Request;
  wish: Wish;
  change: (some: Partial<Wish>) => void;
  ways: readonly Way[];
  way: Way;
  isEmergency: boolean;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const [isConfirming, { open, close }] = useDisclosure(false);
  const send = useSend({ path, device, isEmergency, sent: () => void navigate({ to: '/me/requests' }) });
  const whole = { ...request, justification: wish.justification.trim() };
  const ready = isWhole(request, way);
  const submit = async () => {
    setError(undefined);
    if (!ready) setError(new Error(words.incomplete));
    else if (isEmergency) open();
    else await send.mutateAsync(whole).catch(setError);
  };
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Card title={words.form}>
          <Form send={submit}>
            {children}
            <WayField ways={ways} way={way} change={(template) => change({ template })} />
            <LengthField lengths={way.lengths} value={request.duration} change={(duration) => change({ duration })} />
            {way.reasonCodes.length > 0 && (
              <NativeSelect
                label={words.reasonCode}
                data={way.reasonCodes.map(({ code, title }) => ({ value: code, label: title }))}
                value={request.reasonCode ?? ''}
                onChange={({ currentTarget }) => change({ reasonCode: currentTarget.value })}
              />
            )}
            {'rules' in request && (
              <TextInput
                label={words.resources}
                description={way.mustNameResources ? words.resourcesMust : words.resourcesHint}
                required={way.mustNameResources}
                value={wish.resources}
                onChange={({ currentTarget }) => change({ resources: currentTarget.value })}
              />
            )}
            {way.ticket !== 'none' && (
              <TextInput
                label={way.ticket === 'required' ? words.ticket : words.ticketOptional}
                required={way.ticket === 'required'}
                maxLength={128}
                value={wish.ticket}
                onChange={({ currentTarget }) => change({ ticket: currentTarget.value })}
              />
            )}
            {!isEmergency && (
              <TextInput
                type="datetime-local"
                label={words.startsAt}
                description={words.startsAtHint}
                value={wish.startsAt}
                onChange={({ currentTarget }) => change({ startsAt: currentTarget.value })}
              />
            )}
            <WhyField value={wish.justification} change={(justification) => change({ justification })} />
            <Refused error={error} />
            <Button type="submit" loading={send.isPending} {...(isEmergency ? { color: 'red' } : {})}>
              {isEmergency ? words.sendEmergency : words.send}
            </Button>
          </Form>
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Consequences path={preview} body={ready ? { device, ...request } : undefined} isEmergency={isEmergency} />
      </Grid.Col>
      <ConfirmEmergency opened={isConfirming} onClose={close} request={request} act={() => send.mutateAsync(whole)} />
    </Grid>
  );
}
