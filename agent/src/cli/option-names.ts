/** How the members of a request are said on the command line. */
const optionNames: Readonly<Record<string, string>> = {
  rules: '--rule',
  resources: '--resource',
  resource: '<resource>',
  role: '--role',
  duration: '--for',
  justification: '--reason',
  ticket: '--ticket',
  template: '--template',
  reasonCode: '--reason-code',
  startsAt: '--starts',
  stepUp: '--code',
};

export function optionOf(member: string): string {
  return Object.hasOwn(optionNames, member) ? (optionNames[member] ?? member) : member;
}

/** A place in a request as the backend names it (`body.rules.0`), as the person wrote it; any other as it is. */
export function optionAt(path: string): string {
  const [head = '', member = '', ...rest] = path.split('.');
  const option = optionOf(member);
  return head !== 'body' || option === member || rest.length > 1 ? path : option;
}
