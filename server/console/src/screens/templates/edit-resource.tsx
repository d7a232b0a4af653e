import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../strings/index.ts';
import { ResourceForm } from './resource-form.tsx';
import type { Resource } from './resource-type.ts';

const words = t.resources;

/** Opens what may be changed of a resource. */
export function EditResource({ resource }: { resource: Resource }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" aria-label={words.editOf(resource.name)} onClick={() => setOpen(true)}>
        {words.edit}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={words.editOf(resource.title ?? resource.name)}>
        <ResourceForm resource={resource} done={() => setOpen(false)} />
      </Modal>
    </>
  );
}
