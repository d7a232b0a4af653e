import { Page } from '../../parts/page.tsx';

export default function Placeholder() {
  return <Page title="audit-entry">audit-entry</Page>;
}
