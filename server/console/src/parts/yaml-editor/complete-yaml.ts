import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { yamlLanguage } from '@codemirror/lang-yaml';
import { type Extension, hoverTooltip } from '@uiw/react-codemirror';
import { type Offer, offersAt } from './completions.ts';
import { type JsonSchema, schemasAt } from './schema-at.ts';
import { yamlPlaceAt } from './yaml-place.ts';

/** Offers what may stand where somebody types, and says what it means; so does resting on a key. */
export function completesBy(schema: JsonSchema): Extension {
  return [
    yamlLanguage.data.of({ autocomplete: (context: CompletionContext) => complete(schema, context) }),
    explains(schema),
  ];
}

function complete(schema: JsonSchema, context: CompletionContext): CompletionResult | null {
  const { state, pos, explicit } = context;
  const place = yamlPlaceAt(state.sliceDoc(0, pos), state.sliceDoc(pos));
  if (place === undefined || (!explicit && place.typed === '' && place.kind === 'key')) return null;
  const options = offersAt(schema, place).map(completionOf);
  return options.length === 0 ? null : { from: pos - place.typed.length, options, validFor: /^[\w-]*$/ };
}

function completionOf({ label, insert, isRequired, kind, detail, info }: Offer): Completion {
  const type = kind === 'key' ? 'property' : 'enum';
  const completion: Completion = { label, apply: insert, type, boost: isRequired ? 1 : 0 };
  if (detail !== undefined) completion.detail = detail;
  if (info !== undefined) completion.info = info;
  return completion;
}

function explains(schema: JsonSchema): Extension {
  return hoverTooltip((view, at) => {
    const line = view.state.doc.lineAt(at);
    const [, lead = '', key] = /^(\s*(?:- +)*)([A-Za-z_][\w-]*)\s*:/.exec(line.text) ?? [];
    const from = line.from + lead.length;
    if (key === undefined || at < from || at > from + key.length) return null;
    const place = yamlPlaceAt(view.state.sliceDoc(0, from));
    const about = schemasAt(schema, [...(place?.path ?? []), key]).find(({ description }) => description)?.description;
    if (about === undefined) return null;
    return {
      pos: from,
      end: from + key.length,
      create() {
        const dom = document.createElement('div');
        dom.className = 'cm-hover-about';
        dom.textContent = about;
        return { dom };
      },
    };
  });
}
