/** Whether an address may be linked to: whoever writes a policy must not make the console run a script. */
export function isHttp(link: string): boolean {
  return URL.canParse(link) && ['http:', 'https:'].includes(new URL(link).protocol);
}
