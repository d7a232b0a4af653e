// What stands in the place of an answer, or in the middle of one.

const html =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Proxy authentication required</h1></body></html>\n';
export const strangers = [
  html,
  'Usage: tool [-hlV] [options] command ...\n  -h, --help   display this help and exit\n',
  'sudo: a password is required\n',
  'Sorry, user ada is not allowed to execute this.\nThis incident will be reported.\n',
  'FEHLER: Zugriff verweigert\r\n',
  'エラー: アクセスが拒否されました。\r\n',
  'Segmentation fault (core dumped)\n',
  ' ',
  '\n',
  '\0',
  'null',
  '[]',
  '{}',
  '0',
  '1\n',
  'true\n',
  'yes\n',
  '""',
];
export const noise = [
  'Warning: locale not supported by C library\n',
  'dbus-launch: command timed out\n',
  '\n',
  'W: 1\n',
];
export const numbers = ['-1', '-2147483648', 'NaN', 'Infinity', '1e999', '0x', '٣', '１２'];
export const huge = ['2147483647', '4294967295', '9007199254740993', '99999999999999999999999', '0'];
export const strange = [
  '\0',
  '\ufffd',
  '\u0001',
  '\ud800',
  '\udc00\ud800',
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '\u202e',
  '\u2028',
];
/** Not in the middle of a word: there digits are letters, as in `0x1a2b`. */
export const number = /(?<![A-Za-z0-9])\d+/g;
export const size = 300 * 1024;
