import assert from 'node:assert/strict';
import { findUserByEmail } from '@postern/server/identity/index';
import type { Readings } from '@postern/shared/protocol/reading';
import { Api, type ApiAnswer } from '../support/api.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import type { Gateway } from '../support/gateway.ts';
import { HttpDevice } from '../support/http-device.ts';

export const app = 'https://app.example';
export const vault = 'https://vault.example';
export const firewall = 'baseline/firewall';
export const lock = 'baseline/screen-lock';

/** The firewall blocks at once; the screen lock too, and from it nobody departs. */
const policy = `
policy: baseline
title: Baseline
max_age: 1h
token_life: 5m
rules:
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, severity: high, time_to_fix: '0', on_unknown: block, exceptions: { max_duration: 8h, max_total: 12h, approvals: 1 } }
  - { id: encryption, title: Disk, check: disk-encryption, require: value.state == "full", expected: full, time_to_fix: '0', exceptions: { max_duration: 8h, max_total: 12h, approvals: 2 } }
  - { id: screen-lock, title: Lock, check: screen-lock, require: value.enabled, expected: locks, time_to_fix: '0', exceptions: false }
`;

/** Only so much of Api as it takes to enroll a device for somebody who is no admin. */
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

export interface Wish {
  rules?: readonly string[];
  duration?: string;
  justification?: string;
  resources?: readonly string[];
  template?: string;
  reasonCode?: string;
  stepUp?: unknown;
}

/** Erin, an employee, whose laptop has its firewall off; Bob and Eve, who approve; Max, who manages Erin; two admins. */
export class Demand {
  readonly backend: Backend;
  readonly people: Readonly<Record<'admin' | 'ada' | 'erin' | 'bob' | 'eve' | 'max' | 'auditor', Api>>;
  readonly laptop: HttpDevice;
  /** Of the app. */
  readonly gateway: Gateway;
  /** Of the vault. */
  readonly vaultGateway: Gateway;

  private constructor(
    backend: Backend,
    people: Demand['people'],
    laptop: HttpDevice,
    gateways: { gateway: Gateway; vaultGateway: Gateway },
  ) {
    this.backend = backend;
    this.people = people;
    this.laptop = laptop;
    this.gateway = gateways.gateway;
    this.vaultGateway = gateways.vaultGateway;
  }

  static async open(t: Parameters<typeof startBackend>[0], env: Record<string, string> = {}): Promise<Demand> {
    const backend = await startBackend(t, env);
    const people = {
      admin: await backend.person('admin@localhost', ['admin']),
      ada: await backend.person('ada@example.org', ['admin']),
      erin: await backend.person('erin@example.org', ['employee']),
      bob: await backend.person('bob@example.org', ['approver']),
      eve: await backend.person('eve@example.org', ['approver']),
      max: await backend.person('max@example.org', ['employee']),
      auditor: await backend.person('ida@example.org', ['auditor']),
    };
    await backend.publish(policy, people.ada);
    const gateway = await backend.gateway(people.admin, app);
    const vaultGateway = await backend.gateway(people.admin, vault);
    const laptop = await HttpDevice.enroll(backend, await enrollsFor(backend, people.admin, 'erin@example.org'));
    assert.equal((await laptop.attest({}, laptop.firewallOff())).status, 200);
    return new Demand(backend, people, laptop, { gateway, vaultGateway });
  }

  /** Puts a template into force as admins do: one proposes it, another one approves it. */
  async publishTemplate(document: string): Promise<void> {
    const { ada, admin } = this.people;
    const proposed = await ada.post('/v1/admin/templates/proposals', { document });
    assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
    const path = `/v1/admin/templates/proposals/${String(proposed.body['id'])}/approve`;
    const approved = await admin.post(path, {});
    assert.equal(approved.status, 200, JSON.stringify(approved.body));
  }

  /** Of what somebody was told so far, as `type subject`, oldest first; what became of their own account left out. */
  async told(by: 'bob' | 'erin' | 'max'): Promise<string[]> {
    await this.backend.server.jobs.run('tell of what happened');
    const { status, body } = await this.people[by].get('/v1/me/notices');
    assert.equal(status, 200);
    const items = body['items'] as { type: string; subject: string | null }[];
    const concerning = items.filter(({ type }) => !type.startsWith('account.'));
    return concerning.map(({ type, subject }) => `${type} ${subject}`).toReversed();
  }

  /** Another device of the same person, in the same state or as said. */
  async anotherDevice(email = 'erin@example.org', readings: Readings = {}): Promise<HttpDevice> {
    const device = await HttpDevice.enroll(this.backend, await enrollsFor(this.backend, this.people.admin, email));
    assert.equal((await device.attest({}, { ...device.firewallOff(), ...readings })).status, 200);
    return device;
  }

  async idOf(email: string): Promise<string> {
    return userId(this.backend, email);
  }

  /** Asks, for two hours without a firewall unless told otherwise. */
  ask(wish: { readonly [Name in keyof Wish]: unknown } = {}, device = this.laptop): Promise<ApiAnswer> {
    const usual = { rules: [firewall], duration: '2h', justification: 'Customers are here all day' };
    return device.call('POST', '/v1/exceptions', { ...usual, ...wish });
  }

  async asked(wish: Wish = {}, device = this.laptop): Promise<string> {
    const { status, body } = await this.ask(wish, device);
    assert.equal(status, 201, JSON.stringify(body));
    return String(body['id']);
  }

  /** Asks, and Bob approves. */
  async granted(wish: Wish = {}, device = this.laptop): Promise<string> {
    const id = await this.asked(wish, device);
    const { status, body } = await this.act('bob', id, 'approve');
    assert.equal(status, 200, JSON.stringify(body));
    return id;
  }

  /** Whoever approves has seen the request as it is at that moment, unless told otherwise. */
  async act(
    by: keyof Demand['people'],
    id: string,
    verb: string,
    body: Record<string, unknown> = {},
  ): Promise<ApiAnswer> {
    const seen = verb === 'approve' ? { requestHash: (await this.seen(id))['requestHash'] } : {};
    return this.people[by].post(`/v1/admin/exceptions/${id}/${verb}`, { ...seen, ...body });
  }

  async seen(id: string): Promise<ApiAnswer['body']> {
    return (await this.people.ada.get(`/v1/admin/exceptions/${id}`)).body;
  }

  /** Entries of the log about an exception, oldest first. */
  async entries(id: string): Promise<Record<string, unknown>[]> {
    const { body } = await this.people.auditor.get(`/v1/admin/audit?subject=${id}`);
    return (body['items'] as Record<string, unknown>[]).toReversed();
  }

  /** Why there is no token for the app; undefined when there is one. */
  async refusal(device = this.laptop, resource = app): Promise<string | undefined> {
    const { status, body } = await device.token({ resource });
    return status === 200 ? undefined : String(body['error_code']);
  }
}

async function enrollsFor(backend: Backend, admin: Api, email: string): Promise<Api> {
  return new EnrollsFor(admin, await userId(backend, email));
}

async function userId(backend: Backend, email: string): Promise<string> {
  const user = await findUserByEmail(backend.server.deps.store.read, email);
  assert.ok(user, email);
  return user.id;
}
