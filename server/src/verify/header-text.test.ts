import assert from 'node:assert/strict';
import { validateHeaderValue } from 'node:http';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { headerLine, headerList, headerValue } from './header-text.ts';

const anyText = fc.string({ unit: 'binary' });

describe('what stands in a header', () => {
  it('is always a header, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const value of [headerValue(text), headerList([text, text]), headerLine(text)]) {
          validateHeaderValue('x', value);
          assert.match(value, /^[ -~]*$/);
        }
      }),
    );
  });

  it('can be read back', () => {
    fc.assert(
      fc.property(fc.array(anyText.map((text) => text.toWellFormed()).filter((text) => text !== '')), (texts) => {
        const list = headerList(texts);
        assert.deepEqual(list === '' ? [] : list.split(',').map(decodeURIComponent), texts);
      }),
    );
  });

  it('leaves plain names as they are', () => {
    assert.equal(headerList(['eng', 'on-call', 'a b']), 'eng,on-call,a%20b');
    assert.equal(headerValue('ada+x@example.org'), 'ada+x@example.org');
  });

  it('is one line of ASCII for people', () => {
    assert.equal(headerLine('  Gerät\r\nX-Evil: 1 \u{1f512}'), 'Gerat X-Evil: 1 ?');
    assert.equal(headerLine('x'.repeat(1000)).length, 400);
  });
});
