/** Asking for temporary access, for an exception, and in an emergency. */
import { call } from './backend.js';
import { accessForm, rulesForm } from './asking-forms.js';
import { entry } from './fields.js';
import { previewParts } from './exceptions.js';
import { element, folded, say } from './page.js';
import { sendProven } from './step-up.js';
import { scopeOf } from './words.js';

/** Only those templates that are for emergencies, or only those that are not. */
function ofKind(offers, emergency) {
  return offers
    .map((offer) => ({ ...offer, templates: offer.templates.filter((each) => each.emergency === emergency) }))
    .filter(({ templates }) => templates.length > 0);
}

export function askAccess(offers, { devices, refresh }) {
  const offered = ofKind(offers, false);
  if (offered.length === 0 || devices.length === 0) return [];
  const send = async (entered, offer, template) => {
    const { device, ...request } = accessRequest(entered, offer, template);
    await sendAsking('/v1/me/access', { device, ...request }, { device, access: request }, refresh);
  };
  return [folded('Ask for access to a resource', [accessForm(offered, devices, 'Ask', send)])];
}

export function askException(templates, { devices, refresh }) {
  const failing = devices.filter((device) => device.failing.length > 0);
  const usable = templates.filter(({ kind, emergency }) => kind === 'device' && !emergency);
  if (failing.length === 0) return [];
  const send = async (entered, template) => {
    const { device, ...request } = rulesRequest(entered, template);
    await sendAsking('/v1/me/exceptions', { device, ...request }, { device, request }, refresh);
  };
  const meaning = element('div');
  meaning.setAttribute('aria-live', 'polite');
  const look = async (entered) => {
    const template = usable.find(({ name }) => name === entered.get('template'));
    // Nobody has to say why before they know what it means.
    const { justification: _, ...request } = rulesRequest(entered, template);
    meaning.replaceChildren(...previewParts(await call('POST', '/v1/me/exceptions/preview', request)));
  };
  const others = [['What it would mean', '', look]];
  const form = rulesForm(failing, [undefined, ...usable], 'Ask', send, { others });
  form.append(meaning);
  return [folded('Ask for an exception from rules', [form])];
}

export function askEmergency(offers, templates, { devices, refresh }) {
  const offered = ofKind(offers, true);
  const failing = devices.filter((device) => device.failing.length > 0);
  const usable = templates.filter(({ kind, emergency }) => kind === 'device' && emergency);
  const forms = [];
  const send = (device, request, about) =>
    sendAsking('/v1/me/emergency', { device, request }, { device, ...about }, refresh);
  if (offered.length > 0 && devices.length > 0) {
    const use = async (entered, offer, template) => {
      const { device, ...request } = accessRequest(entered, offer, template);
      await send(device, request, { access: request });
    };
    forms.push(
      element('h3', 'A resource'),
      accessForm(offered, devices, 'Let me in now', use, { className: 'danger' }),
    );
  }
  if (usable.length > 0 && failing.length > 0) {
    const use = async (entered, template) => {
      const { device, ...request } = rulesRequest(entered, template);
      await send(device, request, { request });
    };
    forms.push(element('h3', 'Rules'), rulesForm(failing, usable, 'Waive them now', use, { className: 'danger' }));
  }
  return forms.length === 0 ? [] : [folded('Emergency: nobody can approve in time', forms)];
}

async function sendAsking(path, body, about, refresh) {
  const { request = body } = body;
  // An emergency has the request, and so the proof for it, inside of another body.
  const prove = (_, stepUp) => (request === body ? { ...body, stepUp } : { ...body, request: { ...request, stepUp } });
  const scope = scopeOf({
    kind: 'role' in request ? 'access' : 'device',
    role: request.role,
    rules: request.rules ?? [],
    resources: request.resources ?? [request.resource],
  });
  const asked = await sendProven('POST', path, body, {
    about: { purpose: 'request', about },
    sentence: `You ask for ${scope}, for ${request.duration}.`,
    prove,
  });
  say(
    asked.state === 'pending'
      ? `Asked for: ${scope}. It waits for approval.`
      : `Granted: ${scope}.${asked.emergency ? ' Everybody concerned is told, and somebody will review it.' : ''}`,
  );
  await refresh();
}

function accessRequest(entered, { resource }, template) {
  return { device: entered.get('device'), resource, role: entered.get('role'), ...common(entered, template) };
}

function rulesRequest(entered, template) {
  const resources = (entry(entered, 'resources') ?? '').split(/[\s,]+/).filter(Boolean);
  return {
    device: entered.get('device'),
    rules: entered.getAll('rules'),
    resources,
    ...common(entered, template),
  };
}

function common(entered, template) {
  const named = {
    template: template?.name,
    reasonCode: entry(entered, 'reasonCode'),
    ticket: entry(entered, 'ticket'),
  };
  return {
    duration: entered.get('duration'),
    justification: entry(entered, 'justification') ?? '',
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
  };
}
