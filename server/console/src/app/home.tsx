import { Navigate } from '@tanstack/react-router';
import { Gate } from './gate.tsx';
import { readers } from './roles.ts';
import { useIs } from './session.tsx';

function ToFirstScreen() {
  const mayRead = useIs(...readers);
  return <Navigate to={mayRead ? '/overview' : '/me'} replace />;
}

/** Where everybody begins: with what needs them. */
export default function Home() {
  return (
    <Gate screen={{}}>
      <ToFirstScreen />
    </Gate>
  );
}
