import assert from 'node:assert/strict';
import { identifiers } from '@postern/server/attestation/testing/readings';
import type { Readings } from '@postern/shared/protocol/reading';
import { startBackend, type Backend } from './backend.ts';
import type { Api } from './api.ts';
import { startRecordingApplication, type RecordingApplication } from './gateway-application.ts';
import { type Certificates, makeCertificates } from './gateway-certificates.ts';
import { applicationName } from './gateway-request.ts';
import { firewallPolicy, HttpDevice } from './http-device.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const issuer = 'https://trust.example';
export const origin = `https://${applicationName}`;
export const otherResource = 'https://other.example';

/** A backend, an application, a device in order: all that a gateway stands between. */
export interface GatewayPlace {
  backend: Backend;
  admin: Api;
  application: RecordingApplication;
  /** Gateways reach the backend through it: the test can cut it, and block it. */
  way: TcpProxy;
  credential: { id: string; secret: string };
  device: HttpDevice;
  certificates: Certificates;
  /** For what a gateway writes. */
  folder: string;
}

export async function openGatewayPlace(t: Parameters<typeof startBackend>[0]): Promise<GatewayPlace> {
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer });
  const way = await startTcpProxy(t, Number(new URL(backend.url).port));
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  await admin.post('/v1/admin/gateways', { name: 'Other', resources: [otherResource] });
  const made = await admin.post('/v1/admin/gateways', { name: 'App', resources: [origin] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const credential = { id: String(made.body['id']), secret: String(made.body['secret']) };
  const folder = temporaryFolder(t, 'gateway');
  const place = {
    backend,
    admin,
    application: await startRecordingApplication(t),
    way,
    credential,
    certificates: makeCertificates(folder, [applicationName, 'localhost', '127.0.0.1']),
    folder,
  };
  return { ...place, device: await newDevice(place) };
}

/** A device that was found in order. */
export async function newDevice({ backend, admin }: Pick<GatewayPlace, 'backend' | 'admin'>): Promise<HttpDevice> {
  const device = await HttpDevice.enroll({ url: backend.url, issuer, clock: backend.clock }, admin);
  const found = await device.attest({}, hardwareOf(device));
  assert.equal(found.status, 200, JSON.stringify(found.body));
  return device;
}

/** A machine of its own: what is suspended bars all that says to be the same hardware. */
export function hardwareOf({ fake: { id }, place: { clock } }: HttpDevice): Readings {
  return { identifiers: identifiers({ serial: id, hardwareUuid: id, machineIdHash: id }, clock.now()) };
}
