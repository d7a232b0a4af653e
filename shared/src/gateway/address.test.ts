import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { requestAddress } from './address.ts';

describe('the address of a request', () => {
  const at = (target: string, publicUrl = 'https://app.example') => requestAddress(new URL(publicUrl), target);

  it('is below where clients reach the application', () => {
    assert.equal(at('/a?b'), 'https://app.example/a?b');
    assert.equal(at('/a', 'https://www.example:8443/app/'), 'https://www.example:8443/app/a');
    assert.equal(at('HTTPS://APP.example:443/a'), 'https://app.example/a');
    assert.equal(at('https://app.example?b'), 'https://app.example/?b');
  });

  it('is never of another origin', () => {
    const target = fc.oneof(
      fc.webUrl(),
      fc.string().map((text) => `/${text}`),
      fc.constantFrom('//evil.example/', '/@evil.example', '/\\evil.example'),
    );
    fc.assert(
      fc.property(target, (text) => {
        const address = at(text);
        assert.ok(address === undefined || new URL(address).origin === 'https://app.example');
      }),
    );
    assert.equal(at('https://evil.example/a'), undefined);
    assert.equal(at('http://app.example/a'), undefined);
  });

  it('may hold in its query what its path may not', () => {
    assert.equal(at('/a?next=%2fb/../c;..;'), 'https://app.example/a?next=%2fb/../c;..;');
    assert.equal(at('/a%2fb'), undefined);
    assert.equal(at('/a?b#c'), undefined);
    assert.equal(at('/%C3%85'), 'https://app.example/%C3%85');
  });
});
