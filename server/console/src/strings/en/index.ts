import { access } from './access.ts';
import { account } from './account.ts';
import { analytics } from './analytics.ts';
import { ask } from './ask.ts';
import { audit } from './audit.ts';
import { brakes } from './brakes.ts';
import { common } from './common.ts';
import { deciding } from './deciding.ts';
import { deny } from './deny.ts';
import { deviceCode } from './device-code.ts';
import { device } from './device.ts';
import { devices } from './devices.ts';
import { enrollment } from './enrollment.ts';
import { exceptions } from './exceptions.ts';
import { inbox } from './inbox.ts';
import { mine } from './mine.ts';
import { journey, policies, policy, policyDraft, policyReplay } from './policies.ts';
import { people } from './people.ts';
import { request } from './request.ts';
import { reviews } from './reviews.ts';
import { gateways } from './gateways.ts';
import { incident } from './incident.ts';
import { installation } from './settings.ts';
import { notices } from './notices.ts';
import { overview } from './overview.ts';
import { savedViews } from './saved-views.ts';
import { webhooks } from './webhooks.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { resources, templates } from './templates.ts';
import { diff, yamlEditor } from './yaml-editor.ts';

/** English. One file an area, so that each can be found; together they are the catalogue. */
export const en = {
  access,
  account,
  analytics,
  ask,
  audit,
  brakes,
  common,
  deciding,
  deny,
  device,
  deviceCode,
  devices,
  diff,
  enrollment,
  exceptions,
  inbox,
  journey,
  mine,
  people,
  policies,
  policy,
  policyDraft,
  policyReplay,
  request,
  resources,
  reviews,
  gateways,
  incident,
  installation,
  notices,
  overview,
  savedViews,
  webhooks,
  shell,
  signIn,
  templates,
  yamlEditor,
};
