import { Modal } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../strings/index.ts';
import { MadeToken } from './made-token.tsx';
import { TokenForm } from './token-form.tsx';
import type { EnrollmentToken } from './types.ts';

/** Makes a token, and shows it the one time that it can be shown. */
export function MakeToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<EnrollmentToken>();
  const leave = () => {
    setMade(undefined);
    onClose();
  };
  const words = t.enrollment.form;
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={made === undefined ? words.title : words.made(made.ownerName)}
      size="lg"
      // The secret is not to be gone by a slip of the mouse.
      closeOnClickOutside={made === undefined}
    >
      {made === undefined ? <TokenForm made={setMade} cancel={leave} /> : <MadeToken made={made} done={leave} />}
    </Modal>
  );
}
