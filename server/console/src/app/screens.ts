import type { ComponentType } from 'react';
import type { deciderRoles, readerRoles, Role } from '@postern/shared/protocol/admin';

export interface Screen {
  /** Below `/console`; `$id` is a parameter. */
  path: string;
  /** Who may see it; left out: everybody who is signed in. */
  roles?: readonly Role[];
  /** For people who are not signed in, too. */
  open?: true;
  load: () => Promise<{ default: ComponentType }>;
}

// Types only: the schemas beside these lists would bring their library into the first load.
const readers = { roles: ['admin', 'approver', 'auditor'] satisfies typeof readerRoles };
const deciders = { roles: ['approver', 'admin'] satisfies typeof deciderRoles };
const keepers = { roles: ['admin', 'auditor'] as const };
const admins = { roles: ['admin'] as const };
const open = { open: true } as const;

/** All screens. Adding one is adding a folder and a line. Each is loaded when somebody goes there. */
export const screens: readonly Screen[] = [
  { path: '/sign-in', ...open, load: () => import('../screens/sign-in/index.tsx') },
  { path: '/deny', ...open, load: () => import('../screens/deny/index.tsx') },

  { path: '/overview', ...readers, load: () => import('../screens/overview/index.tsx') },
  { path: '/inbox', load: () => import('../screens/inbox/index.tsx') },
  { path: '/exceptions', ...readers, load: () => import('../screens/exceptions/index.tsx') },
  { path: '/exceptions/$id', load: () => import('../screens/request/index.tsx') },
  { path: '/reviews', ...deciders, load: () => import('../screens/reviews/index.tsx') },
  { path: '/access', ...readers, load: () => import('../screens/access/index.tsx') },
  { path: '/devices', ...readers, load: () => import('../screens/devices/index.tsx') },
  { path: '/devices/$id', ...readers, load: () => import('../screens/device/index.tsx') },
  { path: '/enrollment', ...admins, load: () => import('../screens/enrollment/index.tsx') },
  { path: '/policies', ...readers, load: () => import('../screens/policies/index.tsx') },
  { path: '/policies/$name', ...readers, load: () => import('../screens/policy/index.tsx') },
  { path: '/policy-drafts/$id', ...readers, load: () => import('../screens/policy-draft/index.tsx') },
  { path: '/policy-replays/$id', ...readers, load: () => import('../screens/policy-replay/index.tsx') },
  { path: '/brakes', ...readers, load: () => import('../screens/brakes/index.tsx') },
  { path: '/brakes/$id', ...readers, load: () => import('../screens/brake/index.tsx') },
  { path: '/templates', ...readers, load: () => import('../screens/templates/index.tsx') },
  { path: '/templates/$name', ...readers, load: () => import('../screens/template/index.tsx') },
  { path: '/template-proposals/$id', ...readers, load: () => import('../screens/template-proposal/index.tsx') },
  { path: '/people', ...readers, load: () => import('../screens/people/index.tsx') },
  { path: '/people/$id', ...readers, load: () => import('../screens/person/index.tsx') },
  { path: '/gateways', ...keepers, load: () => import('../screens/gateways/index.tsx') },
  { path: '/webhooks', ...keepers, load: () => import('../screens/webhooks/index.tsx') },
  { path: '/analytics', ...readers, load: () => import('../screens/analytics/index.tsx') },
  { path: '/audit', ...keepers, load: () => import('../screens/audit/index.tsx') },
  { path: '/audit/$seq', ...keepers, load: () => import('../screens/audit-entry/index.tsx') },
  { path: '/settings', ...readers, load: () => import('../screens/settings/index.tsx') },

  { path: '/me', load: () => import('../screens/my-devices/index.tsx') },
  { path: '/me/ask', load: () => import('../screens/ask/index.tsx') },
  { path: '/me/requests', load: () => import('../screens/my-requests/index.tsx') },
  { path: '/me/notices', load: () => import('../screens/notices/index.tsx') },
  { path: '/me/account', load: () => import('../screens/account/index.tsx') },
  { path: '/device', load: () => import('../screens/device-code/index.tsx') },
];
