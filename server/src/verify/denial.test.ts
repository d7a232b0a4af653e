import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { errorCodes, Fault } from '@postern/shared/protocol/errors';
import { denial } from './denial.ts';
import { ownedHeaders } from './owned-headers.ts';

const about = { issuer: 'https://trust.example', nonce: 'n' };
const asking = (accept?: string) => ({ header: (name: string) => (name === 'accept' ? accept : undefined) });
const deny = (fault: Fault, accept?: string, device?: string) =>
  denial(fault, asking(accept), device === undefined ? about : { ...about, device });

const failedCheck = (text: string) => ({
  rule: text,
  title: text,
  outcome: 'fail',
  expected: text,
  observed: text,
  reason: text,
  since: '2026-11-21T09:30:00.000Z',
  deadline: '2026-11-22T09:30:00.000Z',
  fix: { text, link: text },
});

describe('a denial', () => {
  it('is 401, 403 or 503, whatever the refusal, with all owned headers', () => {
    for (const code of errorCodes) {
      const { status, headers = {} } = deny(new Fault(code));
      assert.ok([401, 403, 503].includes(status), `${code}: ${status}`);
      for (const name of ownedHeaders) assert.equal(typeof headers[name], 'string', name);
      if (status !== 503)
        assert.match(
          headers['WWW-Authenticate'] ?? '',
          /^DPoP (?:error="[a-z_]+", error_description="[ !#-~]+", )?algs="ES256"$/,
        );
    }
  });

  it('is 503 where the answer is not known, with the time to wait', () => {
    const fault = new Fault('unavailable', { headers: { 'Retry-After': '5', 'X-Other': '1' } });
    const { status, headers = {} } = deny(fault);
    assert.deepEqual([status, headers['Retry-After'], headers['X-Other']], [503, '5', undefined]);
    assert.equal(deny(new Fault('internal')).status, 503);
    assert.equal(deny(new Fault('too_many_requests')).status, 503);
  });

  it('names the first rule in its header, and how many more there are', () => {
    const members = { failed_checks: [failedCheck('One'), failedCheck('Two')] };
    assert.equal(
      deny(new Fault('posture_refused', { members })).headers?.['X-Posture-Reason'],
      'One. One (and 1 more)',
    );
  });

  it('is a page only for who prefers one', () => {
    const isPage = (accept?: string) => typeof deny(new Fault('posture_refused'), accept).body === 'string';
    const pages = ['text/html', 'text/html, */*;q=0.1', 'application/json;q=0.5, TEXT/HTML;q=0.9', 'text/html;level=1'];
    for (const accept of pages) assert.ok(isPage(accept), accept);
    const none = [
      undefined,
      '*/*',
      'application/json',
      'application/json, text/html',
      'text/html;q=0',
      'text/html;q=x',
    ];
    for (const accept of none) assert.ok(!isPage(accept), accept);
  });

  it('as a page holds what devices and policies say as text alone', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<script>',
        '"><img src=x onerror=1>',
        "'",
        '</style>',
        'javascript:alert(1)',
        '&lt;',
        'https://"x',
      ),
    );
    const tags = (page: unknown) => String(page).match(/<[a-z!/][^>]*>/gi) ?? [];
    const page = (text: string) =>
      deny(new Fault('posture_refused', { members: { failed_checks: [failedCheck(text)] } }), 'text/html', text).body;
    const expected = tags(page('x'));
    fc.assert(
      fc.property(hostile, (text) => {
        const found = tags(page(text)).filter((tag) => !/^<\/?a[ >]/.test(tag));
        assert.deepEqual(
          found,
          expected.filter((tag) => !/^<\/?a[ >]/.test(tag)),
        );
        assert.doesNotMatch(String(page(text)), /href="(?!https:\/\/|x-apple\.systempreferences:|ms-settings:)/);
      }),
    );
  });

  it('has a page for every refusal, under a policy that lets nothing run', () => {
    for (const code of errorCodes) {
      const { body, headers = {} } = deny(new Fault(code), 'text/html', 'laptop');
      assert.match(String(body), /<h1>[^<]+<\/h1>/);
      assert.match(headers['Content-Security-Policy'] ?? '', /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; /);
    }
  });
});
