import assert from 'node:assert/strict';
import { createSignInLink, createUser, findUserByEmail } from '@postern/server/identity/index';
import type { Role } from '@postern/shared/protocol/admin';
import { Api, type ApiAnswer } from '../support/api.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { freePort } from '../support/free-port.ts';
import type { Gateway } from '../support/gateway.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';

export const app = 'https://app.example';
export const payroll = 'https://payroll.example';
export const firewall = 'baseline/firewall';

const system = { kind: 'system' as const, id: null };

/** A template whose approvals take a passkey. */
const fieldWork = `
template: field-work
kind: device
title: Work in the field
description: For a day at a customer's.
impact: The firewall may be off while it lasts.
durations: [1h, 2h]
max_duration: 8h
step_up: { approval: passkey }
reason_codes: [{ code: customer, title: At a customer's }]
`;

/** The same for who has a manager, and asks them. */
const errands = fieldWork
  .replace('field-work', 'errands')
  .replace('Work in the field', 'Errands')
  .concat('stages: [{ title: Your manager, manager: true }]\n');

/** A server under a name that browsers take passkeys for, two admins, and what they put into force. */
export class ConsoleScene {
  readonly backend: Backend;
  readonly admin: Api;
  readonly gateways: Readonly<Record<'app' | 'payroll', Gateway>>;
  readonly #place: { url: string; issuer: string; clock: Backend['clock'] };

  private constructor(backend: Backend, issuer: string, admin: Api, gateways: ConsoleScene['gateways']) {
    this.backend = backend;
    this.admin = admin;
    this.gateways = gateways;
    this.#place = { url: backend.url, issuer, clock: backend.clock };
  }

  static async open(t: Parameters<typeof startBackend>[0]): Promise<ConsoleScene> {
    const port = String(await freePort());
    const issuer = `http://localhost:${port}`;
    const backend = await startBackend(t, { POSTERN_PORT: port, POSTERN_ISSUER: issuer });
    const admin = await backend.person('ada@example.org', ['admin']);
    const author = await backend.person('admin@localhost', ['admin']);
    await backend.publish(firewallPolicy, admin);
    for (const document of [fieldWork, errands]) {
      const proposal = await done(author.post('/v1/admin/templates/proposals', { document }));
      await done(admin.post(`/v1/admin/templates/proposals/${String(proposal['id'])}/approve`, {}));
    }
    const gateways = { app: await backend.gateway(admin, app), payroll: await backend.gateway(admin, payroll) };
    const access = { roles: ['operator', 'reader'], templates: ['temporary-access', 'emergency-access'] };
    await done(admin.call('PUT', '/v1/admin/resources', { name: payroll, title: 'Payroll', tier: 'medium', access }));
    return new ConsoleScene(backend, issuer, admin, gateways);
  }

  /** A person, and the link that signs them in. */
  async person(name: string, email: string, roles: readonly Role[]): Promise<{ id: string; link: string }> {
    const { deps } = this.backend.server;
    const now = this.backend.clock.now();
    const known = await findUserByEmail(deps.store.read, email);
    const { id } = known ?? (await createUser(deps, { name, email, roles: [...roles] }, system, now));
    const { link } = await createSignInLink(deps, id, system, now);
    return { id, link };
  }

  async change(id: string, change: { groups?: string[]; manager?: string }): Promise<void> {
    await done(this.admin.call('PATCH', `/v1/admin/users/${id}`, change));
  }

  /** What happened reaches those whom it concerns. */
  async tell(): Promise<void> {
    await this.backend.server.jobs.run('tell of what happened');
  }

  /** A device of theirs. */
  async device(ownerId: string): Promise<HttpDevice> {
    return HttpDevice.enroll(this.#place, new EnrollsFor(this.admin, ownerId));
  }

  /** Asks under a template for two hours without a firewall, and gives the request. */
  async asked(device: HttpDevice, justification: string, template = 'field-work'): Promise<ApiAnswer['body']> {
    await done(device.attest({}, device.firewallOff()));
    const wish = { rules: [firewall], duration: '2h', template, reasonCode: 'customer', justification };
    return done(device.call('POST', '/v1/exceptions', wish));
  }

  /** The admin asks the same for several devices together, and gives the set. */
  async askedTogether(devices: readonly HttpDevice[], justification: string): Promise<string> {
    for (const device of devices) await done(device.attest({}, device.firewallOff()));
    const ids = devices.map(({ fake }) => fake.id);
    const wish = { devices: ids, rules: [firewall], duration: '1h', template: 'field-work', reasonCode: 'customer' };
    const made = await done(this.admin.post('/v1/admin/exception-sets', { ...wish, justification }));
    return String(made['id']);
  }

  /** A screen of the console. */
  screen(path: string): string {
    return `${this.backend.server.deps.config.issuer}/console${path}`;
  }

  async seen(id: string): Promise<ApiAnswer['body']> {
    return done(this.admin.get(`/v1/admin/exceptions/${id}`));
  }
}

/** Only so much of Api as it takes to enroll a device for somebody else. */
class EnrollsFor extends Api {
  readonly #owner: string;

  constructor(admin: Api, owner: string) {
    super(admin.url, admin.token);
    this.#owner = owner;
  }

  override async get(path: string): Promise<ApiAnswer> {
    const answer = await super.get(path);
    return path === '/v1/admin/session' ? { ...answer, body: { id: this.#owner } } : answer;
  }
}

async function done(answering: Promise<ApiAnswer>): Promise<ApiAnswer['body']> {
  const { status, body } = await answering;
  assert.ok(status < 300, JSON.stringify(body));
  return body;
}
