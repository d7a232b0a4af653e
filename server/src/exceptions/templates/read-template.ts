import { type TemplateDocument, templateDocumentSchema } from '@postern/shared/protocol/template';
import { type DocumentKind, readStoredDocument, readWrittenDocument } from '../../policy/index.ts';
import { templateFaults } from './template-faults.ts';

const templateKind: DocumentKind<TemplateDocument> = {
  schema: templateDocumentSchema,
  code: 'template_invalid',
  noun: 'template',
  isNone: 'is no template: it begins with template:, kind: and title:',
  faultsIn: templateFaults,
  faultsBehind: () => [],
};

/** Reads a template. Throws Fault template_invalid with every fault at once, each with its path, its line and its column. */
export function readTemplateDocument(text: string): TemplateDocument {
  return readWrittenDocument(text, templateKind);
}

/** Reads a template that was published once. Throws Fault template_invalid. */
export function readStoredTemplate(text: string): TemplateDocument {
  return readStoredDocument(text, templateKind);
}
