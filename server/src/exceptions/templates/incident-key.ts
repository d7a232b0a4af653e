/** Where it is kept whether an incident is open: a key of `meta`, with JSON {open, title, since}. */
export const incidentKey = 'incident';
