import type { ComponentType } from 'react';
import type { Role } from '@postern/shared/protocol/admin';
import { keepers, readers } from './roles.ts';

/** What is shown at an address, and to whom. */
export interface Screen {
  /** Below `/console`; `$id` is a parameter. */
  path: string;
  /** Who may see it; left out: everybody who is signed in. */
  roles?: readonly Role[];
  /** For people who are not signed in, too. */
  open?: true;
  load: () => Promise<{ default: ComponentType }>;
}

const forReaders = { roles: readers };
const forKeepers = { roles: keepers };
const forAdmins = { roles: ['admin'] } as const;
const open = { open: true } as const;

/** All screens. Adding one is adding a folder and a line. Each is loaded when somebody goes there. */
export const screens: readonly Screen[] = [
  { path: '/sign-in', ...open, load: () => import('../screens/sign-in/index.tsx') },
  { path: '/deny', ...open, load: () => import('../screens/deny/index.tsx') },

  { path: '/overview', ...forReaders, load: () => import('../screens/overview/index.tsx') },
  { path: '/inbox', load: () => import('../screens/inbox/index.tsx') },
  { path: '/exceptions', ...forReaders, load: () => import('../screens/exceptions/index.tsx') },
  { path: '/exceptions/$id', load: () => import('../screens/request/index.tsx') },
  { path: '/reviews', ...forReaders, load: () => import('../screens/reviews/index.tsx') },
  { path: '/access', ...forReaders, load: () => import('../screens/access/index.tsx') },
  { path: '/devices', ...forReaders, load: () => import('../screens/devices/index.tsx') },
  { path: '/devices/$id', ...forReaders, load: () => import('../screens/device/index.tsx') },
  { path: '/enrollment', ...forAdmins, load: () => import('../screens/enrollment/index.tsx') },
  { path: '/policies', ...forReaders, load: () => import('../screens/policies/index.tsx') },
  { path: '/policies/$name', ...forReaders, load: () => import('../screens/policy/index.tsx') },
  { path: '/policy-drafts/$id', ...forReaders, load: () => import('../screens/policy-draft/index.tsx') },
  { path: '/policy-replays/$id', ...forReaders, load: () => import('../screens/policy-replay/index.tsx') },
  { path: '/brakes', ...forReaders, load: () => import('../screens/brakes/index.tsx') },
  { path: '/brakes/$id', ...forReaders, load: () => import('../screens/brake/index.tsx') },
  { path: '/templates', ...forReaders, load: () => import('../screens/templates/index.tsx') },
  { path: '/templates/$name', ...forReaders, load: () => import('../screens/template/index.tsx') },
  { path: '/template-proposals/$id', ...forReaders, load: () => import('../screens/template-proposal/index.tsx') },
  { path: '/people', ...forReaders, load: () => import('../screens/people/index.tsx') },
  { path: '/people/$id', ...forReaders, load: () => import('../screens/person/index.tsx') },
  { path: '/gateways', ...forKeepers, load: () => import('../screens/gateways/index.tsx') },
  { path: '/webhooks', ...forKeepers, load: () => import('../screens/webhooks/index.tsx') },
  { path: '/analytics', ...forReaders, load: () => import('../screens/analytics/index.tsx') },
  { path: '/audit', ...forKeepers, load: () => import('../screens/audit/index.tsx') },
  { path: '/audit/$seq', ...forKeepers, load: () => import('../screens/audit-entry/index.tsx') },
  { path: '/settings', ...forReaders, load: () => import('../screens/settings/index.tsx') },

  { path: '/me', load: () => import('../screens/my-devices/index.tsx') },
  { path: '/me/ask', load: () => import('../screens/ask/index.tsx') },
  { path: '/me/requests', load: () => import('../screens/my-requests/index.tsx') },
  { path: '/me/notices', load: () => import('../screens/notices/index.tsx') },
  { path: '/me/account', load: () => import('../screens/account/index.tsx') },
  { path: '/device', load: () => import('../screens/device-code/index.tsx') },
];
