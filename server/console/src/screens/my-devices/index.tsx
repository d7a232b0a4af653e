import { Page } from '../../parts/page.tsx';

export default function Placeholder() {
  return <Page title="my-devices">my-devices</Page>;
}
