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

/** A titled card of facts, with buttons that cannot be pressed twice. */
export function card(title, facts, buttons = []) {
  const article = element('article');
  const list = element('dl');
  for (const [term, fact] of facts) list.append(element('dt', term), element('dd', fact));
  article.append(element('h3', title), list);
  if (buttons.length === 0) return article;
  const row = element('div', undefined, 'actions');
  for (const [label, className, act] of buttons) {
    const button = element('button', label, className);
    button.type = 'button';
    button.addEventListener('click', () => {
      for (const each of row.children) each.disabled = true;
      void attempt(act).then(() => {
        for (const each of row.children) each.disabled = false;
      });
    });
    row.append(button);
  }
  article.append(row);
  return article;
}

export function say(text, className = '') {
  const notice = document.getElementById('notice');
  notice.className = className;
  notice.textContent = text;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "in 3 hours (21 Nov 2026, 14:00)": the relative time, and the absolute one beside it. */
export function when(timestamp) {
  const minutes = Math.round((Date.parse(timestamp) - Date.now()) / 60_000);
  const [amount, unit] =
    Math.abs(minutes) < 60
      ? [minutes, 'minute']
      : Math.abs(minutes) < 2880
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day'];
  const absolute = new Date(timestamp).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return `${relative.format(amount, unit)} (${absolute})`;
}
