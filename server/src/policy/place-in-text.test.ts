import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isScalar, parseDocument, type Scalar, stringify } from 'yaml';
import { placeInText } from './place-in-text.ts';

const styles: Scalar.Type[] = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_FOLDED', 'BLOCK_LITERAL'];
const word = fc.constantFrom('value.enabled', '&&', '"a"', "'b'", '\\', 'é', '💥', 'x', ':', '#', '%', '[1]');
const expression = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', ' \n ')), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.flat().slice(0, -1).join(''));

/** How many places are found, of all that are looked for. */
const found = { places: 0, given: 0 };

test('however a text is written in YAML, a character of it is found, or its beginning is told', () => {
  fc.assert(
    fc.property(expression, fc.constantFrom(...styles), fc.constantFrom(0, 40, 80), (value, style, lineWidth) => {
      const text = stringify(
        { rules: [{ require: value }] },
        { defaultStringType: style, defaultKeyType: 'PLAIN', lineWidth },
      );
      const node = parseDocument(text).getIn(['rules', 0, 'require'], true);
      assert.ok(isScalar(node) && node.value === value && node.range);
      for (let offset = 0; offset <= value.length; offset += 1) {
        const at = placeInText(text, node, offset);
        assert.ok(at >= node.range[0] && at <= node.range[2]);
        if (offset === value.length || /\s/.test(value[offset] ?? '')) continue;
        found.given += 1;
        if (text[at] === value[offset] || text[at] === '\\') found.places += 1;
        else assert.equal(at, node.range[0]);
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(found.places > 0.99 * found.given, `${found.places} of ${found.given}`);
});
