import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  readerRoles,
  deviceActions,
  deviceActionSchema,
  deviceOwnershipSchema,
  deviceDetailSchema,
  deviceSummarySchema,
  pageQuerySchema,
  pageSchema,
  roles as everybody,
} from '@postern/shared/protocol/admin';
import { type OwnDevice, ownDeviceQuerySchema, ownDeviceSchema } from '@postern/shared/protocol/device';
import { Fault } from '@postern/shared/protocol/errors';
import {
  deviceFacetsSchema,
  deviceHistoryItemSchema,
  deviceHistoryQuerySchema,
  facetFilterSchema,
} from '@postern/shared/protocol/fleet';
import { myDeviceDetailSchema, myDeviceSchema } from '@postern/shared/protocol/my-device';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asDevice, asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { collectionPlan } from '../policy/index.ts';
import { actOnDevice } from './act.ts';
import { deviceDetail } from './detail.ts';
import { facetsOf } from './facets.ts';
import { readDeviceFacts } from './facts.ts';
import { countOwned } from './fleet-count.ts';
import { fleetCounterOf } from './fleet-counter.ts';
import { deviceHistory } from './history.ts';
import type { DeviceAction } from './lifecycle.ts';
import { listDevices } from './list.ts';
import { myDevice } from './my-device.ts';
import { myDevices } from './my-devices.ts';
import { changeOwnership } from './ownership.ts';
import { standingOf } from './standing.ts';
import { subjectOf } from './subject.ts';
import { ownDevice } from './view.ts';

export type DeviceRouteDeps = Pick<Deps, 'store' | 'policies' | 'config'> & {
  /** Exceptions of a device as its person sees them. Handed in: exceptions stand above devices. */
  exceptionViews(deviceId: string, now: Instant): Promise<OwnDevice['exceptions']>;
};

const params = z.strictObject({ id: idSchema('device') });

const summaries: Readonly<Record<DeviceAction, string>> = {
  admit: 'Admit a device that waits; it may attest and ask for tokens from then on',
  suspend: 'Suspend a device; it gets no tokens and the ones it has are no longer active',
  resume: 'Let a suspended device go on',
  release: 'End a quarantine after both histories were looked at; the next attestation starts a fresh history',
  retire: 'Retire a device for good; its key is never accepted again',
};

/** Endpoints of this capability. */
export function deviceRoutes(deps: DeviceRouteDeps): AnyRoute[] {
  const counted = fleetCounterOf(deps.store);
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/device',
      summary: "The device's own state: verdict, exceptions, and exactly what is stored of what it sent",
      audience: 'device',
      rate: 'device',
      query: ownDeviceQuerySchema,
      replies: { 200: ownDeviceSchema },
      errors: ['device_unknown'],
      async handle({ query, caller, now }) {
        const facts = await readDeviceFacts(deps.store.read, { id: asDevice(caller).id });
        if (facts === undefined) throw new Fault('device_unknown');
        const [rulebook, exceptions] = await Promise.all([
          deps.policies.at(facts.policyEpoch),
          deps.exceptionViews(facts.id, now),
        ]);
        const standing = standingOf(facts, rulebook, null, now);
        const collect = collectionPlan(rulebook, subjectOf(facts), deps.config);
        const sent = query.sent?.split(',') ?? [];
        return { status: 200, body: ownDevice(facts, standing, exceptions, sent, collect) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/devices',
      summary: 'Your devices, newest first, each with the rules that stand in its way',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      replies: { 200: z.strictObject({ items: z.array(myDeviceSchema) }) },
      errors: [],
      async handle({ caller, now }) {
        return { status: 200, body: { items: await myDevices(deps, asPerson(caller).id, now) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/devices/{id}',
      summary:
        'One of your devices: how it stands and why, exactly what is stored of what it sent, what it is asked for',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      replies: { 200: myDeviceDetailSchema },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        return { status: 200, body: await myDevice(deps, { id, personId: asPerson(caller).id }, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/devices',
      summary: 'Devices, newest first',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: pageQuerySchema.extend({
        ...facetFilterSchema.shape,
        q: z.string().trim().min(1).max(128).optional(),
      }),
      replies: { 200: pageSchema(deviceSummarySchema) },
      errors: [],
      async handle({ query, now }) {
        return { status: 200, body: await listDevices(deps, query, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/devices/facets',
      summary:
        'How many devices there are of each kind, with the filters of the list; in a large fleet up to two minutes ago',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: facetFilterSchema,
      replies: { 200: deviceFacetsSchema },
      errors: [],
      async handle({ query: { owner, ...filter }, now }) {
        const { result: cells, at } =
          owner === undefined ? await counted.ask(now) : { result: await countOwned(deps.store.read, owner), at: now };
        return { status: 200, body: facetsOf(cells, filter, at) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/devices/{id}',
      summary: 'One device, with what it sent, its verdicts and both of its histories',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      params,
      replies: { 200: deviceDetailSchema },
      errors: ['not_found'],
      async handle({ params: { id }, now }) {
        return { status: 200, body: await deviceDetail(deps, id, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/devices/{id}/history',
      summary:
        'What the reports of a device changed, newest first: verdicts, and readings as far as signed texts are kept',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      params,
      query: deviceHistoryQuerySchema,
      replies: { 200: pageSchema(deviceHistoryItemSchema) },
      errors: ['not_found'],
      async handle({ params: { id }, query }) {
        return { status: 200, body: await deviceHistory(deps.store.read, id, query) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/devices/{id}/ownership',
      summary: 'Say whose machine a device is: corporate, personal, or unknown (then policies for either apply)',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params,
      body: { type: 'json', schema: deviceOwnershipSchema },
      replies: { 200: deviceDetailSchema },
      errors: ['not_found', 'conflict'],
      async handle({ params: { id }, body, caller, now }) {
        await changeOwnership(deps, id, { ...body, actor: { kind: 'person', id: asPerson(caller).id } }, now);
        return { status: 200, body: await deviceDetail(deps, id, now) };
      },
    }),
    ...deviceActions.map((action) =>
      defineRoute({
        method: 'POST',
        path: `/v1/admin/devices/{id}/${action}`,
        summary: summaries[action],
        audience: 'person',
        roles: ['admin'],
        rate: 'admin',
        params,
        body: { type: 'json', schema: deviceActionSchema },
        replies: { 200: deviceDetailSchema },
        errors: ['not_found', 'device_state_invalid', 'conflict'],
        async handle({ params: { id }, body: { reason }, caller, now }) {
          await actOnDevice(deps, id, action, { actor: { kind: 'person', id: asPerson(caller).id }, reason }, now);
          return { status: 200, body: await deviceDetail(deps, id, now) };
        },
      }),
    ),
  ];
}
