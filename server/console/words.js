/** How times, lengths of time and exceptions are said. */

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

const units = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** "1 day 2 hours": the two largest units, rounded down. */
export function lengthOf(seconds) {
  let left = Math.max(0, Math.floor(seconds));
  const parts = [];
  for (const [size, name] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(many(count, name));
  }
  return parts.length === 0 ? 'no time' : parts.slice(0, 2).join(' ');
}

/** A length of time as the API takes it. */
export function durationText(seconds) {
  for (const [size, name] of units) if (seconds % size === 0) return `${seconds / size}${name[0]}`;
  return `${seconds}s`;
}

export function many(count, name) {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** What is asked for, in short. */
export function scopeOf({ kind, role, rules, resources }) {
  if (kind === 'access') return `access to ${resources.join(', ')} as ${role}`;
  return `an exception from ${rules.join(', ')}`;
}

export function peopleOf({ groups, manager }) {
  const named = groups === null ? (manager ? [] : ['any approver']) : [`approvers in ${groups.join(' or ')}`];
  return [...(manager ? ['their manager'] : []), ...named].join(' or ');
}

const levels = {
  none: 'nothing more',
  recent: 'a sign-in within five minutes',
  'second-factor': 'a passkey or a code',
  passkey: 'a passkey',
};

export function levelText(level) {
  return levels[level] ?? level;
}

const states = {
  pending: 'waits for approval',
  scheduled: 'approved, begins later',
  approved: 'approved, waits for its first use',
  active: 'in force',
};

export function stateText({ state, live }) {
  if (state === 'active' && !live) return 'approved, but does not hold on this device now';
  return states[state] ?? state;
}
