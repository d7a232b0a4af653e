/** What is known of the key of a device, and what is only claimed. */
export const key = {
  known: 'Known',
  claimed: 'Claimed',
  knownLead: 'The backend checked this itself.',
  claimedLead: 'The agent on the device says so. A program that took its place could say the same.',
  holds: 'Whoever reports holds the key: each report is signed by it.',
  sameKey: 'No other device was ever enrolled with this key.',
  attested: 'The key lives in hardware and cannot leave it: its maker vouches for that.',
  notAttested: 'Where the key lives is not known.',
  providers: {
    tpm2: 'The key lives in the TPM of the machine.',
    'secure-enclave': 'The key lives in the Secure Enclave.',
    'windows-pcp': 'The key lives in the TPM, through Windows.',
    'os-keystore': 'The key lives in the keystore of the system.',
    file: 'The key is a file. Whoever can read the disk can copy it.',
  },
  readings: 'All readings, the name, the system and the version of the agent.',
  thumbprint: 'Thumbprint',
  level: 'Key protection',
  hardware: 'Same hardware elsewhere',
  hardwareLead:
    'Devices that reported an identifier which this one reported too: most likely the same machine, enrolled again.',
  noHardware: 'No other device reported any of its hardware identifiers.',
};
