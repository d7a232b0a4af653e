import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../../../server/console/src');

/** What says by which words a catalogue is asked. The types of libraries for pages say nothing about it, and take long to read. */
const told = /^(\.|@postern\/|zod$)/;

/** The compiler's view of some files; what stands in `written` takes the place of the disk. */
function programOf(names: readonly string[], written: ReadonlyMap<string, string> = new Map()): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.Latest,
    module: ts.ModuleKind.Preserve,
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
    lib: ['lib.esnext.d.ts'],
  };
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.readFile = (name) => written.get(name) ?? disk.readFile(name);
  host.directoryExists = (name) =>
    [...written.keys()].some((each) => each.startsWith(`${name}/`)) || disk.directoryExists?.(name) === true;
  host.fileExists = (name) => written.has(name) || disk.fileExists(name);
  host.getSourceFile = (name, language, ...rest) => {
    const text = written.get(name);
    return text === undefined ? disk.getSourceFile(name, language, ...rest) : ts.createSourceFile(name, text, language);
  };
  host.resolveModuleNameLiterals = (literals, from, _redirected, all) =>
    literals.map(({ text }) =>
      told.test(text) ? ts.resolveModuleName(text, from, all, host) : { resolvedModule: undefined },
    );
  return ts.createProgram([...names], options, host);
}

/**
 * Entries of a catalogue that nothing reads. Read is what is named after a dot, between brackets or in braces; of a part that
 * is handed on as a whole, and of one that is asked for by a text that may be any, everything.
 */
function unusedIn(program: ts.Program, folder: string): string[] {
  const checker = program.getTypeChecker();
  const isWords = (node: ts.Node) => node.getSourceFile().fileName.startsWith(`${folder}/`);
  const used = new Set<ts.Node>();

  /** Parts of the catalogue that a value may be. */
  const partsOf = (type: ts.Type): ts.Type[] =>
    (type.isUnion() ? type.types : [type]).filter(({ symbol }) =>
      (symbol as ts.Symbol | undefined)?.declarations?.some(
        (each) => ts.isObjectLiteralExpression(each) && isWords(each),
      ),
    );
  const use = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.filter(isWords).forEach((each) => used.add(each));
  const useAll = (part: ts.Type): void => {
    for (const property of part.getProperties()) {
      use(property);
      partsOf(checker.getTypeOfSymbol(property)).forEach(useAll);
    }
  };

  /** Only looked into, or given another name: not one of any text. */
  const goesOn = (node: ts.Node, { parent } = node) =>
    ((ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === node) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node && parent.type === undefined);

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node)) use(checker.getSymbolAtLocation(node.name));
    if (ts.isObjectBindingPattern(node)) {
      const type = checker.getTypeAtLocation(node);
      if (partsOf(type).length > 0)
        for (const { propertyName, name, dotDotDotToken } of node.elements) {
          if (dotDotDotToken !== undefined) partsOf(type).forEach(useAll);
          else use(type.getProperty((propertyName ?? name).getText()));
        }
    }
    if (ts.isElementAccessExpression(node)) {
      const type = checker.getTypeAtLocation(node.expression);
      const parts = partsOf(type);
      if (parts.length > 0) {
        const asked = checker.getTypeAtLocation(node.argumentExpression);
        const names = asked.isUnion() ? asked.types : [asked];
        if (names.every((each) => each.isStringLiteral())) for (const { value } of names) use(type.getProperty(value));
        else parts.forEach(useAll);
      }
    }
    const isValue = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isIdentifier(node);
    if (isValue && ts.isExpression(node) && !goesOn(node) && !isName(node))
      partsOf(checker.getTypeAtLocation(node)).forEach(useAll);
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles())
    if (file.fileName.startsWith(`${root}/`) && !file.fileName.startsWith(`${folder}/`)) visit(file);

  const unused: string[] = [];
  const list = (part: ts.Type, path: string): void => {
    for (const property of part.getProperties()) {
      const name = `${path}.${property.name}`;
      const inner = partsOf(checker.getTypeOfSymbol(property));
      if (inner.length > 0) inner.forEach((each) => list(each, name));
      else if (!property.declarations?.some((each) => used.has(each))) unused.push(name);
    }
  };
  const index = program.getSourceFile(`${folder}/index.ts`);
  const module = index && checker.getSymbolAtLocation(index);
  assert.ok(module !== undefined, 'the catalogue was not found');
  for (const area of checker.getExportsOfModule(module))
    partsOf(checker.getTypeOfSymbol(area)).forEach((part) => list(part, area.name));
  return unused;
}

/** Names something that is declared or a member, and reads nothing by itself. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isJsxAttribute(parent) || ts.isBindingElement(parent) || ts.isParameter(parent)) return true;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name === node;
  return false;
}

test('the console says every sentence of its catalogue somewhere', () => {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
    .map((name) => join(root, name));
  assert.ok(names.length > 100, `only ${names.length} files were read`);
  assert.deepEqual(unusedIn(programOf(names), join(root, 'strings/en')), []);
});

test('the reader sees what is named, destructured, looked up and handed on, so that the rule can fail', () => {
  const folder = join(root, 'strings/of-a-test');
  const written = new Map([
    [
      `${folder}/index.ts`,
      `export const area = { named: 'a', taken: 'b', states: { on: 'c', off: 'd', gone: 'e' }, whole: { f: 'f', g: 'g' }, dead: 'h' };`,
    ],
    [
      join(root, 'of-a-test.ts'),
      `import * as t from './strings/of-a-test/index.ts';
       const words = t.area;
       declare const state: 'on' | 'off';
       declare function tell(...all: unknown[]): void;
       const { taken } = words;
       tell(words.named, taken, words.states[state], { ...words.whole });`,
    ],
  ]);
  assert.deepEqual(unusedIn(programOf([...written.keys()], written), folder), ['area.states.gone', 'area.dead']);
});
