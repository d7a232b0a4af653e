const strange = /(?![\n\t\r])\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/**
 * Whether a text holds what no tool prints on purpose: control and direction characters, the two that patterns take for
 * line ends and nobody else does, and the mark of bytes that were no text. A name that is looked for may have been spoilt.
 */
export function holdsStrange(text: string): boolean {
  return strange.test(text);
}
