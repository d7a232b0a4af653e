import { Anchor, SegmentedControl, Stack } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import type { OwnAccess } from '@postern/shared/protocol/access';
import type { MyDevice } from '@postern/shared/protocol/my-device';
import type { OfferedTemplate } from '@postern/shared/protocol/template';
import { useGet } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/app-link.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { AskAccess } from './ask-access.tsx';
import { AskEmergency } from './ask-emergency.tsx';
import { AskRules } from './ask-rules.tsx';
import type { Kind } from './wish.ts';

const words = t.ask;

const kinds: readonly Kind[] = ['rules', 'access', 'emergency'];

/** Asking for a departure from rules, for access, and in an emergency: what it means stands beside the button. */
export default function Ask() {
  const devices = useGet<{ items: MyDevice[] }>('/v1/me/devices');
  const access = useGet<OwnAccess>('/v1/me/access');
  const templates = useGet<{ items: OfferedTemplate[] }>('/v1/me/templates');
  const error = devices.error ?? access.error ?? templates.error;
  const refetch = () => Promise.all([devices.refetch(), access.refetch(), templates.refetch()]);
  const isHere = devices.data !== undefined && access.data !== undefined && templates.data !== undefined;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Anchor size="sm" href="/v1/me/exception-guide" target="_blank" rel="noreferrer">
          {words.guide}
        </Anchor>
      }
    >
      {isHere ? (
        <Choices
          devices={devices.data.items.filter(({ state, quarantine }) => state === 'active' && quarantine === null)}
          offers={access.data.offers}
          templates={templates.data.items.filter(({ kind }) => kind === 'device')}
        />
      ) : (
        <NotYet error={error} refetch={refetch} />
      )}
    </Page>
  );
}

interface Offered {
  devices: readonly MyDevice[];
  offers: OwnAccess['offers'];
  templates: readonly OfferedTemplate[];
}

function Choices({ devices, offers, templates }: Offered) {
  const { value, change } = useSearchState(['kind', 'device', 'rule', 'resource']);
  const kind = kinds.find((each) => each === value.kind) ?? (value.resource === undefined ? 'rules' : 'access');
  const mayRules = templates.filter(({ emergency }) => !emergency);
  const split = (isEmergency: boolean) =>
    offers
      .map((offer) => ({ ...offer, templates: offer.templates.filter(({ emergency }) => emergency === isEmergency) }))
      .filter((offer) => offer.templates.length > 0);
  if (devices.length === 0) {
    return (
      <EmptyState icon={IconDeviceLaptop} title={words.noDevice.title} text={words.noDevice.text}>
        <ButtonLink to="/device">{words.noDevice.connect}</ButtonLink>
      </EmptyState>
    );
  }
  const preset = { device: value.device, rule: value.rule, resource: value.resource };
  return (
    <Stack>
      <SegmentedControl
        aria-label={words.what}
        data={kinds.map((each) => ({ value: each, label: words.kinds[each] }))}
        value={kind}
        onChange={(next) => change({ kind: next })}
        orientation="horizontal"
        withItemsBorders={false}
        styles={{ root: { flexWrap: 'wrap' }, label: { whiteSpace: 'normal' } }}
      />
      {kind === 'rules' && <AskRules devices={devices} templates={mayRules} preset={preset} />}
      {kind === 'access' && <AskAccess devices={devices} offers={split(false)} preset={preset} />}
      {kind === 'emergency' && (
        <AskEmergency
          devices={devices}
          offers={split(true)}
          templates={templates.filter(({ emergency }) => emergency)}
          preset={preset}
        />
      )}
    </Stack>
  );
}
