import type { MantineColor } from '@mantine/core';
import {
  IconAlertTriangle,
  IconClockExclamation,
  IconDeviceLaptop,
  IconFileAlert,
  IconFlag,
  IconHandStop,
  IconInbox,
  IconKey,
  IconListCheck,
  IconRouter,
  IconScale,
  IconTemplate,
  IconUrgent,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { NeedKind } from '@postern/shared/protocol/overview';

interface Look {
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  color: MantineColor;
  /** Where something can be done about it. */
  to: string;
  search: Readonly<Record<string, string>>;
}

/** Red is what stands still until somebody acts; the rest can wait a moment. */
export const needLooks: Readonly<Record<NeedKind, Look>> = {
  'audit-unsigned': { icon: IconFileAlert, color: 'red', to: '/audit', search: {} },
  keys: { icon: IconKey, color: 'red', to: '/settings', search: {} },
  emergencies: { icon: IconUrgent, color: 'red', to: '/reviews', search: { tab: 'open' } },
  requests: { icon: IconInbox, color: 'blue', to: '/inbox', search: {} },
  'reviews-overdue': { icon: IconClockExclamation, color: 'orange', to: '/reviews', search: { tab: 'open' } },
  reviews: { icon: IconListCheck, color: 'blue', to: '/reviews', search: {} },
  quarantined: { icon: IconAlertTriangle, color: 'orange', to: '/devices', search: { quarantine: 'yes' } },
  'pending-devices': { icon: IconDeviceLaptop, color: 'blue', to: '/devices', search: { state: 'pending' } },
  drafts: { icon: IconScale, color: 'blue', to: '/policies', search: {} },
  templates: { icon: IconTemplate, color: 'blue', to: '/templates', search: {} },
  brakes: { icon: IconHandStop, color: 'orange', to: '/brakes', search: {} },
  streams: { icon: IconRouter, color: 'orange', to: '/gateways', search: {} },
  webhooks: { icon: IconWebhook, color: 'orange', to: '/webhooks', search: {} },
  abuse: { icon: IconFlag, color: 'yellow', to: '/analytics', search: {} },
};
