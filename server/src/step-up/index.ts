export { needsNoProof, proveToManage } from './manage.ts';
export { proveStepUp, type StepUpProof } from './prove.ts';
export { resetFactors } from './reset.ts';
export { stepUpRoutes } from './routes.ts';
export { decisionSubject, manageSubject, requestSubject, type Subject } from './subjects.ts';
