import {
  IconAdjustments,
  IconBell,
  IconBook,
  IconChartHistogram,
  IconClockShield,
  IconDeviceLaptop,
  IconDoorEnter,
  IconFileText,
  IconGauge,
  IconHandStop,
  IconInbox,
  IconKey,
  IconListCheck,
  IconPlugConnected,
  IconRouter,
  IconScale,
  IconShieldLock,
  IconTemplate,
  IconUserCircle,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { t } from '../strings/index.ts';

/** A screen that the navigation leads to. */
export interface Place {
  path: string;
  label: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** Where else one is still there. */
  within?: readonly string[];
}

/** Places that belong together. */
export interface Area {
  label: string;
  places: readonly Place[];
}

const names = t.shell.places;

/** What the navigation and the palette lead to. Who may not see a screen (screens.ts) is not led there. */
export const areas: readonly Area[] = [
  {
    label: t.shell.areas.work,
    places: [
      { path: '/overview', label: names.overview, icon: IconGauge },
      { path: '/inbox', label: names.inbox, icon: IconInbox },
      { path: '/reviews', label: names.reviews, icon: IconListCheck },
      { path: '/exceptions', label: names.exceptions, icon: IconClockShield },
      { path: '/access', label: names.access, icon: IconDoorEnter },
    ],
  },
  {
    label: t.shell.areas.fleet,
    places: [
      { path: '/devices', label: names.devices, icon: IconDeviceLaptop },
      { path: '/enrollment', label: names.enrollment, icon: IconKey },
      { path: '/people', label: names.people, icon: IconUsers },
    ],
  },
  {
    label: t.shell.areas.rules,
    places: [
      { path: '/policies', label: names.policies, icon: IconScale, within: ['/policy-drafts', '/policy-replays'] },
      { path: '/templates', label: names.templates, icon: IconTemplate, within: ['/template-proposals'] },
      { path: '/brakes', label: names.brakes, icon: IconHandStop },
    ],
  },
  {
    label: t.shell.areas.record,
    places: [
      { path: '/analytics', label: names.analytics, icon: IconChartHistogram },
      { path: '/audit', label: names.audit, icon: IconFileText },
    ],
  },
  {
    label: t.shell.areas.system,
    places: [
      { path: '/gateways', label: names.gateways, icon: IconRouter },
      { path: '/webhooks', label: names.webhooks, icon: IconWebhook },
      { path: '/settings', label: names.settings, icon: IconAdjustments },
    ],
  },
  {
    label: t.shell.areas.mine,
    places: [
      { path: '/me', label: names.myDevices, icon: IconShieldLock },
      { path: '/me/requests', label: names.myRequests, icon: IconBook },
      { path: '/me/notices', label: names.notices, icon: IconBell },
      { path: '/device', label: names.connect, icon: IconPlugConnected },
      { path: '/me/account', label: names.account, icon: IconUserCircle },
    ],
  },
];
