import { z } from 'zod';

// Tabs and line ends are text. `Cc` are the other control characters; the rest is invisible or turns the direction of writing.
const controls = /(?![\t\n\r])\p{Cc}|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

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

/**
 * A document that somebody wrote and others read before they agree to it: taken as it is to the last space, and free of
 * characters that could make it look like another one.
 */
export function writtenDocument(limits: { max: number }) {
  return z
    .string()
    .min(1)
    .max(limits.max)
    .refine((text) => !controls.test(text), 'must not contain control or direction characters');
}

/** One line of such text. */
export function humanLine(limits: { min?: number; max: number }) {
  return humanText(limits).refine((text) => !/[\r\n]/.test(text), 'must be a single line');
}
