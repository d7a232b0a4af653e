import { z } from 'zod';

// eslint-disable-next-line no-control-regex -- the rule is about control characters
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/**
 * Text that a device or a person wrote. It is hostile until shown otherwise: bounded, and free of
 * control and direction characters that could forge a log line or turn a sentence around on screen.
 */
export function humanText(limits: { min?: number; max: number }) {
  return z
    .string()
    .trim()
    .min(limits.min ?? 1)
    .max(limits.max)
    .refine((text) => !controls.test(text), 'must not contain control or direction characters');
}

/** One line of such text. */
export function humanLine(limits: { min?: number; max: number }) {
  return humanText(limits).refine((text) => !/[\r\n]/.test(text), 'must be a single line');
}
