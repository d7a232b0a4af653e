import { z } from 'zod';

/** Kinds of things that `GET /v1/events` says something has happened to. */
export const liveTopics = [
  'devices',
  'exceptions',
  'reviews',
  'policies',
  'people',
  'me',
  'enrollment',
  'gateways',
  'webhooks',
  'notices',
  'audit',
  'analytics',
  'settings',
] as const;
export type LiveTopic = (typeof liveTopics)[number];

/** The data of an event `changed`. Without an id: any of them may be different. */
export const liveChangeSchema = z
  .strictObject({ topic: z.enum(liveTopics), id: z.string().optional() })
  .meta({ id: 'LiveChange' });
export type LiveChange = z.output<typeof liveChangeSchema>;
