/** Hosts of the services that manage Macs, by the end of their name. */
const services: readonly [suffix: string, name: string][] = [
  ['.jamfcloud.com', 'jamf'],
  ['.manage.microsoft.com', 'intune'],
  ['.awmdm.com', 'workspace-one'],
  ['.kandji.io', 'kandji'],
  ['.iru.com', 'kandji'],
  ['.mosyle.com', 'mosyle'],
  ['.simplemdm.com', 'simplemdm'],
  ['.meraki.com', 'meraki'],
  ['.addigy.com', 'addigy'],
  ['.fleetdm.com', 'fleet'],
  ['.jumpcloud.com', 'jumpcloud'],
  ['.hexnodemdm.com', 'hexnode'],
];

export interface Enrollment {
  enrolled: boolean;
  /** A service that is known by name, or the name of the server. Null where it is not told. */
  mdm: string | null;
}

/** A few lines. In these characters a pattern sees ends of lines that nobody wrote. */
function isPlain(text: string): boolean {
  return text.length <= 4096 && !/[\u2028\u2029]/.test(text);
}

/**
 * Reads `profiles status -type enrollment`. "Enrolled via DEP" says how the Mac came to its management or that it
 * is meant to have one, and not that it has one.
 */
export function parseEnrollment(text: string): Enrollment | undefined {
  const answers = [...text.matchAll(/^MDM enrollment: (.*)$/gm)].map(([, answer]) => answer?.trim());
  const [answer] = answers;
  // Without its last line end the name of the server may be cut off.
  if (
    answers.length !== 1 ||
    !text.endsWith('\n') ||
    !isPlain(text) ||
    !/^Enrolled via DEP: (?:Yes|No)\s*$/m.test(text)
  )
    return undefined;
  if (answer === 'No') return { enrolled: false, mdm: null };
  if (answer !== 'Yes' && answer !== 'Yes (User Approved)') return undefined;
  const host = /^MDM server: (?:https:\/\/)?([a-z0-9.-]{1,64})(?::\d{1,5})?(?:[/?][!-~]{0,1000})?[ \t]*$/im
    .exec(text)?.[1]
    ?.toLowerCase();
  const known = services.find(([suffix]) => host !== undefined && `.${host}`.endsWith(suffix))?.[1];
  return { enrolled: true, mdm: known ?? host ?? null };
}

/** Reads `dsconfigad -show`, which always ends well and says nothing at all where the Mac belongs to no domain. */
export function parseDirectory(text: string): 'active-directory' | 'none' | undefined {
  if (text.trim() === '') return 'none';
  return /^[ \t]*Active Directory (?:Domain|Forest)[ \t]+= \S/m.test(text) ? 'active-directory' : undefined;
}

/**
 * Reads `app-sso platform -s`: whether Microsoft's extension has registered this Mac with Entra ID. What a person
 * registered for themselves stands below, under another heading.
 */
export function isRegisteredWithEntra(text: string): boolean {
  const section =
    /^Device Configuration:[ \t]*\n([\s\S]*?)(?=^\S[A-Za-z ]*Configuration:|(?![\s\S]))/m.exec(text)?.[1] ?? '';
  return (
    /^[ \t]*"extensionIdentifier" : "com\.microsoft\.CompanyPortalMac\.ssoextension",?$/m.test(section) &&
    /^[ \t]*"registrationCompleted" : true,?$/m.test(section)
  );
}
