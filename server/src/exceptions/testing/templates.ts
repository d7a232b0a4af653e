/** A template over the desk's rules, in YAML, with more of it where a test needs that. */
export function deskTemplate(more = ''): string {
  return `
template: desk
kind: device
title: At the desk
description: For tests.
impact: A rule is waived.
durations: [1h, 8h]
max_duration: 8h
${more}
`;
}

/** The manager first, then two of security. */
export const stagedTemplate = deskTemplate(`
stages:
  - { title: Manager, manager: true }
  - { title: Security, groups: [security], approvals: 2 }
operators: [helpdesk]
`);
