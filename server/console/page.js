/** Small pieces of the page. Text is set as text: what people and devices wrote can never become markup. */

/** Does something that may be refused, and says so when it is: nothing fails without a word. */
export async function attempt(act) {
  try {
    await act();
  } catch (refusal) {
    say(refusal.message, 'refused');
  }
}

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

/** An element with others in it. */
export function holding(name, children, className) {
  const made = element(name, undefined, className);
  made.append(...children);
  return made;
}

/** Facts, each a term and a text or an element; those without a value are left out. */
export function factList(facts) {
  const list = element('dl');
  for (const [term, fact] of facts) {
    if (fact === null || fact === undefined || fact === '') continue;
    list.append(element('dt', term), holding('dd', [fact]));
  }
  return list;
}

/** A list of sentences. */
export function points(sentences) {
  return holding(
    'ul',
    sentences.map((sentence) => element('li', sentence)),
  );
}

/** Something that opens and closes. */
export function folded(title, children) {
  return holding('details', [element('summary', title), ...children]);
}

/** Buttons that cannot be pressed twice. */
export function actions(buttons) {
  const row = element('div', undefined, 'actions');
  for (const [label, className, act] of buttons) {
    const button = element('button', label, className);
    button.type = 'button';
    button.addEventListener('click', () => void once(row, act));
    row.append(button);
  }
  return row;
}

/** Does something, with everything in there out of reach meanwhile. */
export async function once(place, act) {
  const controls = [...place.querySelectorAll('button, input, select, textarea')];
  const within = controls.filter((each) => !each.disabled);
  // What was said before is over.
  say('');
  for (const each of within) each.disabled = true;
  await attempt(act);
  for (const each of within) each.disabled = false;
}

/** A titled card of facts, with buttons. */
export function card(title, facts, buttons = []) {
  const article = holding('article', [element('h3', title), factList(facts)]);
  if (buttons.length > 0) article.append(actions(buttons));
  return article;
}

export function section(id) {
  return document.getElementById(id);
}

/** Shows a section with its cards. Who was in the middle of them goes on from its heading. */
export function fill(id, cards, empty) {
  const place = section(id);
  const list = place.querySelector('.list');
  const wasInside = list.contains(document.activeElement);
  place.hidden = false;
  list.replaceChildren(...(cards.length > 0 ? cards : [element('p', empty, 'soft')]));
  if (!wasInside) return;
  const heading = place.querySelector('h2');
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** The line at the top that says what has happened; screen readers read it out. */
export function say(text, className = '') {
  const notice = section('notice');
  notice.className = className;
  notice.textContent = text;
}
