import { ColorSwatch, Group, Progress, Text } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import type { FleetPart, Overview } from '@postern/shared/protocol/overview';
import { useIs } from '../../app/session.tsx';
import { AppLink, ButtonLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { locale, t } from '../../strings/index.ts';
import { fleetLooks } from './fleet-looks.ts';
import classes from './overview.module.css';

const words = t.overview;
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(locale);
/** Shown also while there are none. */
const always: ReadonlySet<FleetPart> = new Set(['compliant', 'excepted', 'grace', 'non-compliant', 'quarantined']);

const colorOf = (color: string) => `var(--mantine-color-${color.replace('.', '-')})`;

/** How many devices stand how; each number leads to them. */
export function Fleet({ fleet: { total, counts } }: { fleet: Overview['fleet'] }) {
  const isAdmin = useIs('admin');
  if (total === 0)
    return (
      <Card title={words.fleet}>
        <EmptyState icon={IconDeviceLaptop} title={words.noDevices} text={words.noDevicesText}>
          {isAdmin && <ButtonLink to="/enrollment">{words.enroll}</ButtonLink>}
        </EmptyState>
      </Card>
    );
  const parts = (Object.keys(fleetLooks) as FleetPart[]).filter((part) => counts[part] > 0 || always.has(part));
  return (
    <Card title={words.fleet}>
      <Text size="sm" c="dimmed">
        {words.fleetTotal(total)} {words.fleetSoon}
      </Text>
      <Progress.Root size="lg" aria-hidden>
        {parts.map((part) => (
          <Progress.Section
            key={part}
            value={(counts[part] * 100) / total}
            color={fleetLooks[part].color}
            withAria={false}
          />
        ))}
      </Progress.Root>
      <ul className={classes['parts']}>
        {parts.map((part) => (
          <li key={part} data-part={part}>
            <Group gap="xs" wrap="nowrap">
              <ColorSwatch size={12} color={colorOf(fleetLooks[part].color)} withShadow={false} aria-hidden />
              <AppLink to={fleetLooks[part].to} search={fleetLooks[part].search} size="sm">
                {words.parts[part]}
              </AppLink>
            </Group>
            <Text fw={600} className={classes['count'] ?? ''} data-count>
              {whole.format(counts[part])}
            </Text>
            <Text size="sm" c="dimmed" className={classes['count'] ?? ''}>
              {percent.format(counts[part] / total)}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
