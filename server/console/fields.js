/** Forms: labelled fields, and what was entered. */
import { actions, element, holding, once } from './page.js';

let fields = 0;

function labelled(label, control, hint) {
  fields += 1;
  control.id = `field-${fields}`;
  const text = element('label', label);
  text.htmlFor = control.id;
  if (hint === undefined) return holding('div', [text, control], 'field');
  const small = element('small', hint, 'soft');
  small.id = `${control.id}-hint`;
  control.setAttribute('aria-describedby', small.id);
  return holding('div', [text, control, small], 'field');
}

/** One line, or several with `lines`. */
export function textField(name, label, { hint, lines = 1, ...properties } = {}) {
  const control = element(lines > 1 ? 'textarea' : 'input');
  if (lines > 1) control.rows = lines;
  Object.assign(control, { name, autocomplete: 'off', ...properties });
  return labelled(label, control, hint);
}

/** @param options pairs of value and text */
export function choice(name, label, options, properties = {}) {
  const control = element('select');
  for (const [value, text] of options) {
    const option = element('option', text);
    option.value = value;
    control.append(option);
  }
  Object.assign(control, { name, ...properties });
  return labelled(label, control);
}

/** Any number of them. */
export function choices(name, legend, options) {
  const boxes = options.map(([value, text]) => {
    const box = element('input');
    Object.assign(box, { type: 'checkbox', name, value, checked: options.length === 1 });
    return holding('label', [box, ` ${text}`]);
  });
  return holding('fieldset', [element('legend', legend), ...boxes]);
}

/**
 * A form of such fields; `send` is handed what was entered.
 *
 * @param others further buttons, each label, class and what is done with what was entered, whether or not all of it was
 */
export function entryForm(children, button, send, { className = 'main', others = [] } = {}) {
  const row = actions(others.map(([label, name, act]) => [label, name, () => act(new FormData(form))]));
  row.prepend(element('button', button, className));
  const form = holding('form', [...children, row], 'entry');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const entered = new FormData(form);
    void once(form, () => send(entered));
  });
  return form;
}

/** What was entered in one line; undefined when nothing was. */
export function entry(entered, name) {
  const value = entered.get(name)?.trim() ?? '';
  return value === '' ? undefined : value;
}
