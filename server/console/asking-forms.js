/** The forms in which one asks: what can be chosen depends on what was chosen before it. */
import { choice, choices, entryForm, textField } from './fields.js';
import { element, holding } from './page.js';
import { durationText, lengthOf } from './words.js';

/**
 * For a resource in a role. `send` is handed what was entered, the offer and its template.
 *
 * @param style class of its button, and further buttons, as `entryForm` takes them
 */
export function accessForm(offers, devices, button, send, style) {
  const resource = choice(
    'resource',
    'Resource',
    offers.map((offer) => [offer.resource, offer.title ?? offer.resource]),
  );
  const rest = chosenUnder(resource, () => {
    const offer = offers.find((each) => each.resource === valueOf(resource, 'resource'));
    const template = choice(
      'template',
      'What for',
      offer.templates.map(({ name, title }) => [name, title]),
    );
    const further = chosenUnder(template, () => {
      const chosen = offer.templates.find(({ name }) => name === valueOf(template, 'template'));
      return templateFields(
        chosen,
        chosen.durations.map((text) => [text, text]),
      );
    });
    return [
      choice(
        'role',
        'Role',
        offer.roles.map((role) => [role, role]),
      ),
      template,
      further,
    ];
  });
  return entryForm(
    [deviceChoice(devices), resource, rest],
    button,
    (entered) => {
      const offer = offers.find((each) => each.resource === entered.get('resource'));
      return send(
        entered,
        offer,
        offer.templates.find(({ name }) => name === entered.get('template')),
      );
    },
    style,
  );
}

/** From rules. A template that is undefined is none: what the rules' policies say. */
export function rulesForm(devices, templates, button, send, style) {
  const device = deviceChoice(devices);
  const rules = chosenUnder(device, () => {
    const { failing } = devices.find(({ id }) => id === valueOf(device, 'device'));
    return [
      choices(
        'rules',
        'Rules',
        failing.map(({ rule, title }) => [rule, `${title} (${rule})`]),
      ),
    ];
  });
  const named = (name) => templates.find((each) => (each?.name ?? '') === name);
  const template = choice(
    'template',
    'Why it is needed',
    templates.map((each) => [each?.name ?? '', each?.title ?? 'Something else: as the policy says']),
  );
  const further = chosenUnder(template, () => {
    const chosen = named(valueOf(template, 'template'));
    const durations = chosen?.durationsSeconds ?? [3600, 14_400, 28_800, 86_400];
    const hint = chosen?.mustNameResources
      ? 'Addresses, one beside the other. This template asks for them.'
      : 'Addresses, one beside the other. Empty: all.';
    const [description, ...others] = templateFields(
      chosen,
      durations.map((seconds) => [durationText(seconds), lengthOf(seconds)]),
    );
    return [
      description,
      textField('resources', 'Only for these resources', { hint, required: chosen?.mustNameResources ?? false }),
      ...others,
    ];
  });
  return entryForm(
    [device, rules, template, further],
    button,
    (entered) => send(entered, named(entered.get('template'))),
    style,
  );
}

function deviceChoice(devices) {
  return choice(
    'device',
    'Device',
    devices.map(({ id, name }) => [id, name]),
  );
}

function templateFields(template, durations) {
  const meaning = [element('p', template?.description ?? ''), element('p', template?.impact ?? '', 'impact')];
  const parts = [holding('div', template === undefined ? [] : meaning)];
  parts.push(choice('duration', 'For how long', durations));
  if ((template?.reasonCodes ?? []).length > 0)
    parts.push(
      choice(
        'reasonCode',
        'Reason',
        template.reasonCodes.map(({ code, title }) => [code, title]),
      ),
    );
  if (template?.ticket !== 'none') {
    const required = template?.ticket === 'required';
    parts.push(textField('ticket', required ? 'Ticket' : 'Ticket (optional)', { maxLength: 128, required }));
  }
  parts.push(
    textField('justification', 'Why, in your own words', {
      lines: 3,
      minLength: 10,
      maxLength: 2000,
      required: true,
      hint: 'Whoever approves reads this.',
    }),
  );
  return parts;
}

/** A place whose content depends on a choice. */
function chosenUnder(field, contents) {
  const place = element('div', undefined, 'under');
  const show = () => place.replaceChildren(...contents());
  field.addEventListener('change', show);
  show();
  return place;
}

function valueOf(field, name) {
  return field.querySelector(`[name="${name}"]`).value;
}
