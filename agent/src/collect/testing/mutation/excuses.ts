import type { Call } from './calls.ts';
import { textMutations } from './text-mutations.ts';

/** A way of spoiling an answer after which it is as good as another machine's. Each is a hole in the test, and says why it is there. */
export interface Excuse {
  why: string;
  /** Where it holds for one check alone. */
  check?: string;
  /** Of the question: `readFile /etc/x`. */
  of: RegExp;
  mutations: readonly string[];
}

const anyText = textMutations.map(({ name }) => name).concat('empty');
const anyOfACommand = anyText.concat(
  ['timed out', 'too much output', 'refused', 'absent', 'nothing printed', 'all of it on the other stream'],
  ['another exit code', 'an error in its place', 'an error beside it'],
);
const spoiltNames = [
  'another answer in its place',
  'other letter case',
  'a strange character put in',
  'a character spoilt',
  '300 KB of garbage',
];
const toBeThere = ['refused', 'a folder', 'an error of the disk', 'too large'];

export const excuses: readonly Excuse[] = [
  {
    why: 'settings: the program that they are for reads the same text, and does what it says',
    of: /^readFile (?:\/etc\/(?!machine-id)|\/usr\/lib\/os-release|\/home\/[a-z]+\/\.config\/)/,
    mutations: anyText,
  },
  {
    why: 'settings of a Mac: another list of them is as good',
    of: /^readFile .*\.plist$/,
    mutations: spoiltNames,
  },
  {
    why: 'a version or a name that its maker chose: any other one is as good',
    of: /^readFile (?:\/Applications\/.*\.plist|\/var\/lib\/flatpak\/.*|\/snap\/.*)$|^run \/usr\/(?:sbin\/ioreg|bin\/(?:dpkg-query|rpm)) /,
    mutations: ['a number that is none', 'leading zeros', 'other letter case'],
  },
  {
    why: 'the firewall of macOS is off: whether another one could not be seen makes that no better',
    check: 'firewall',
    of: /^run \/usr\/bin\/systemextensionsctl list$/,
    mutations: anyOfACommand,
  },
  {
    why: 'a marker: that it is there is all that it says, and what cannot be read is there',
    of: /^readFile (?:\/\.dockerenv|\/run\/(?:\.containerenv|agetty\.autologged)|\/etc\/krb5\.keytab)$/,
    mutations: toBeThere,
  },
  {
    why: 'a list that nothing ends: cut between two of its lines it is a shorter one',
    of: /^run \/usr\/bin\/(?:apt list|checkupdates|pacman -Qu|dnf -q|xfconf-query|firewall-cmd --get-active-zones)|^run \/usr\/(?:bin\/(?:fdesetup status|pmset -g)|sbin\/(?:softwareupdate|netstat))|^readFile \/proc\/(?:net\/tcp6?|swaps|self\/mountinfo)$|^run .*\\reg\.exe query .*(?:\\Services\\TPM|\\Control|\\SecureBoot)$/,
    mutations: ['cut at a line end'],
  },
  {
    why: 'a number or name that stands alone: any other one is as good',
    of: /^readFile \/(?:proc\/sys\/kernel|sys\/module|sys\/class\/(?:dmi|tpm)|sys\/firmware\/devicetree)\//,
    mutations: [
      'a number that is none',
      'leading zeros',
      'another answer in its place',
      'something else in its place',
      'other letter case',
      'a strange character put in',
    ],
  },
  {
    why: 'a number or name that stands alone: any other one is as good',
    of: /^run \/usr\/bin\/(?:gsettings|defaults) /,
    mutations: ['another answer in its place', 'something else in its place'],
  },
  {
    why: 'the name of a setting: any other one is as good',
    of: /^run \/usr\/bin\/xfconf-query/,
    mutations: ['other letter case', 'a number that is none', '300 KB of garbage'],
  },
  {
    why: 'the number of a user or process: any other one is as good',
    of: /^run \/(?:bin\/ps|usr\/sbin\/lsof) /,
    mutations: ['a number that is none', 'leading zeros'],
  },
  {
    why: 'what is said of another volume, or another machine: as good of this one',
    of: /^run \/usr\/(?:sbin\/diskutil info|bin\/(?:apt list|checkupdates|pacman))/,
    mutations: ['another answer in its place'],
  },
  {
    why: 'a tool that is not there: neither is the product that it comes with',
    of: /^run \/usr\/bin\/mdatp /,
    mutations: ['absent'],
  },
  {
    why: 'the name of an extension: any other one is as good',
    of: /^run \/usr\/bin\/systemextensionsctl list$/,
    mutations: ['other letter case', 'a number that is none'],
  },
  {
    why: 'a switch that is written in two ways',
    of: /^run .*(?:mdatp|wdavdaemonclient) health /,
    mutations: ['JSON: another type'],
  },
  {
    why: 'a setting among others: apt takes an odd one as it takes none',
    of: /^run \/usr\/bin\/apt-config dump/,
    mutations: ['a number that is none', 'other letter case', '300 KB of garbage'],
  },
  {
    why: 'the name of an interface: any other one is as good',
    of: /^run \/usr\/bin\/firewall-cmd --get-active-zones/,
    mutations: ['a number that is none', 'leading zeros', 'other letter case'],
  },
  {
    why: 'silence: it is how the tool says none',
    of: /^run \/usr\/bin\/(?:firewall-cmd --get-active-zones)/,
    mutations: ['nothing printed', 'all of it on the other stream', 'another answer in its place'],
  },
  {
    why: 'a name that a maker or an organisation chose: any other one is as good',
    of: /^run [^]*(?:FirewallProduct|CurrentVersion.Uninstall|Microsoft.Enrollments|Get-AuthenticodeSignature|Get-NetTCPConnection)|^run library /,
    mutations: [
      'a character spoilt',
      'a strange character put in',
      'other letter case',
      'a number that is none',
      'leading zeros',
      '300 KB of garbage',
    ],
  },
  {
    why: 'half of a time: it is kept as a number that may be below zero',
    of: /^run [^]*InstallTimeLow/,
    mutations: ['a number that is none'],
  },
  {
    why: 'reg.exe tells absent and refused by one code',
    of: /^run .*\\reg\.exe query /,
    mutations: ['an error in its place'],
  },
  {
    why: 'a value of the registry may be any text, with line ends in it',
    of: /^run .*\\reg\.exe query /,
    mutations: ['300 KB of garbage'],
  },
  {
    why: 'a value without data is as good as none',
    of: /^run .*\\reg\.exe query .* \/v AutoAdminLogon$/,
    mutations: ['a number that is none'],
  },
  {
    why: 'a file that does not begin as a key does is no key',
    of: /^readFile .*[/\\]\.ssh[/\\]/,
    mutations: anyText,
  },
];

/** The excuse that holds, if one does. */
export function excuseFor(check: string, call: Call, mutation: string): Excuse | undefined {
  const key = `${call.what} ${call.of}`;
  return excuses.find(
    (excuse) => (excuse.check ?? check) === check && excuse.of.test(key) && excuse.mutations.includes(mutation),
  );
}
