import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

/** Approving what a device shows a code for. */
export const deviceCode = {
  title: screenNames.connect,
  lead: 'Type the code that the device shows.',
  code: 'Code',
  codeHint: 'Eight letters, such as WDJB-MJHT',
  lookUp: 'Look it up',
  cannot: 'This code cannot be used',
  enroll: {
    title: 'Is this the device in front of you?',
    text: 'If you approve it, it becomes yours: what it does with your access counts as done by you.',
    approve: 'Yes, connect it to my name',
    done: { title: 'Connected', text: 'The device goes on by itself. You can close this page.' },
  },
  signIn: {
    title: (device: string, resource: string) => `Sign in on ${device} for ${resource}?`,
    text: 'If you approve, this device gets access as you, for as long as that lasts.',
    approve: 'Yes, I am at it',
    done: { title: 'Signed in', text: 'The device goes on by itself. You can close this page.' },
  },
  deny: 'No, refuse it',
  denied: { title: 'Refused', text: 'The device was told. If somebody sent you that code, tell your admins.' },
  facts: {
    device: 'Calls itself',
    unnamed: 'no name',
    enrolledDevice: terms.device,
    resource: 'For',
    address: 'Asks from',
    unknownAddress: 'unknown',
    sameAddress: 'the same address as you',
    otherAddress: 'another address than yours',
    asked: terms.asked,
    expires: 'The code is good for',
    code: 'Code',
  },
  ownWord: 'The name is the device’s own word.',
  warning: {
    title: 'Only if you started this yourself, just now',
    text: 'Approve it only when you are looking at this code on a device of yours. Nobody from IT, support or anywhere else will ever send you a code to approve.',
    otherAddress:
      'The device asks from another address than you. That is so with a VPN or a remote machine; it is also so when somebody else sent you this code.',
  },
  another: 'Another code',
  myDevices: screenNames.myDevices,
};
