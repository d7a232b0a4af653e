export { AnonymousRefusals } from './anonymous-refusals.ts';
export { type ChainHead, type ChainRow, type ChainVerdict, verifyChain } from './chain.ts';
export { eraseText } from './erase.ts';
export { readChain } from './read.ts';
export { auditJobs } from './jobs.ts';
export { auditRoutes } from './routes.ts';
