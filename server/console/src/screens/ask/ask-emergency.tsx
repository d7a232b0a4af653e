import { SegmentedControl, Stack } from '@mantine/core';
import { IconFirstAidKitOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { AccessOffer } from '@postern/shared/protocol/access';
import type { MyDevice } from '@postern/shared/protocol/my-device';
import type { OfferedTemplate } from '@postern/shared/protocol/template';
import { EmptyState } from '../../parts/empty-state.tsx';
import { t } from '../../strings/index.ts';
import { AskAccess } from './ask-access.tsx';
import { AskRules, type Preset } from './ask-rules.tsx';
import type { Kind } from './wish.ts';

const words = t.ask;

/** For who is on call, when nobody can approve in time: the same, at once, with a review to follow. */
export function AskEmergency({
  devices,
  offers,
  templates,
  preset,
}: {
  devices: readonly MyDevice[];
  offers: readonly AccessOffer[];
  templates: readonly OfferedTemplate[];
  preset: Preset;
}) {
  const possible: readonly Kind[] = [
    ...(templates.length > 0 ? (['rules'] as const) : []),
    ...(offers.length > 0 ? (['access'] as const) : []),
  ];
  const [picked, setPicked] = useState<string>(preset.resource === undefined ? 'rules' : 'access');
  const kind = possible.find((each) => each === picked) ?? possible[0];
  if (kind === undefined)
    return <EmptyState icon={IconFirstAidKitOff} title={words.noEmergency.title} text={words.noEmergency.text} />;
  return (
    <Stack>
      {possible.length > 1 && (
        <SegmentedControl
          aria-label={words.form}
          data={possible.map((each) => ({ value: each, label: words.kinds[each] }))}
          value={kind}
          onChange={setPicked}
        />
      )}
      {kind === 'rules' ? (
        <AskRules devices={devices} templates={templates} preset={preset} isEmergency />
      ) : (
        <AskAccess devices={devices} offers={offers} preset={preset} isEmergency />
      )}
    </Stack>
  );
}
