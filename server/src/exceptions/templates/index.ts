export { templateRoutes } from './routes.ts';
export { ensureDefaultTemplates, findTemplate, readTemplates, type Template } from './store.ts';
export { readTemplateDocument } from './read-template.ts';
