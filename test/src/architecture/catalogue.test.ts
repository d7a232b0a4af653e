import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const sources = resolve(import.meta.dirname, '../../../server/console/src');

/** Properties that a person reads, or hears from a screen reader. */
const spoken = new Set([
  'title',
  'label',
  'placeholder',
  'description',
  'alt',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'text',
  'lead',
  'button',
  'sentence',
  'nothingFound',
]);

/** Words of a language: two letters side by side. Signs and units such as `·` or `%` are none. */
const words = /\p{L}{2}/u;

interface Literal {
  place: string;
  text: string;
}

/** What a component says that does not come from the catalogue. */
function literalsOf(file: string, source: string): Literal[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: Literal[] = [];
  const note = (node: ts.Node, text: string) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    if (words.test(text)) found.push({ place: `${file}:${line + 1}`, text: text.trim() });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node, node.text);
    if (ts.isJsxExpression(node) && node.expression !== undefined && ts.isStringLiteralLike(node.expression)) {
      if (!ts.isJsxAttribute(node.parent)) note(node, node.expression.text);
    }
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer !== undefined) {
      const { initializer } = node;
      if (ts.isStringLiteral(initializer)) note(node, initializer.text);
      if (ts.isJsxExpression(initializer) && initializer.expression !== undefined)
        ts.forEachChild(initializer, function texts(child) {
          if (ts.isTemplateExpression(child))
            note(child, child.head.text + child.templateSpans.map(({ literal }) => literal.text).join(''));
          else if (ts.isStringLiteralLike(child)) note(child, child.text);
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

test('everything that the console says stands in the catalogue', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  assert.ok(files.length > 20, `only ${files.length} components were read`);
  const literals = files.flatMap((name) => {
    const file = join(sources, name);
    return literalsOf(relative(sources, file), readFileSync(file, 'utf8'));
  });
  assert.deepEqual(literals, []);
});

test('the reader sees text, texts in braces and texts for screen readers, so that the rule can fail', () => {
  const component = `
    export const A = () => <p title="Hello you" aria-label={\`Ends \${x}\`} className="soft">Some text {'in braces'} {t.word} · 5 %</p>;`;
  const found = literalsOf('a.tsx', component).map(({ text }) => text);
  assert.deepEqual(found.toSorted(), ['Ends', 'Hello you', 'Some text', 'in braces'].toSorted());
});
