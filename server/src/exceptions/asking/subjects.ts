/** What a proof for a request or a decision is bound to; step-up gives challenges for exactly the same hashes. */
export { decisionSubject, requestSubject } from '../../step-up/index.ts';
