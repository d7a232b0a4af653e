/**
 * What OCSF (1.9.0-dev, github.com/ocsf/ocsf-schema of July 2026) demands of the classes and objects that Postern writes: names
 * of required attributes, of which at least one must be there, and the captions of activities. Facts, taken down by hand.
 */
export interface ClassFacts {
  caption: string;
  category: number;
  required: readonly string[];
  oneOf?: readonly string[];
  activities: Readonly<Record<number, string>>;
  statuses: Readonly<Record<number, string>>;
}

const everyEvent = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'] as const;
const everyActivity = { 0: 'Unknown', 99: 'Other' };
const statuses = { 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' };

export const classes: Readonly<Record<number, ClassFacts>> = {
  0: { caption: 'Base Event', category: 0, required: everyEvent, activities: everyActivity, statuses },
  2003: {
    caption: 'Compliance Finding',
    category: 2,
    required: [...everyEvent, 'finding_info', 'compliance'],
    activities: { ...everyActivity, 1: 'Create', 2: 'Update', 3: 'Close' },
    statuses: { 0: 'Unknown', 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved', 5: 'Archived', 6: 'Deleted' },
  },
  3002: {
    caption: 'Authentication',
    category: 3,
    required: [...everyEvent, 'user'],
    oneOf: ['service', 'dst_endpoint'],
    activities: { ...everyActivity, 1: 'Logon', 2: 'Logoff' },
    statuses,
  },
  3003: {
    caption: 'Authorize Session',
    category: 3,
    required: [...everyEvent, 'user'],
    oneOf: ['privileges', 'groups', 'iam_roles'],
    activities: { ...everyActivity, 1: 'Assign Privileges', 2: 'Assign Groups', 3: 'Assign Roles' },
    statuses,
  },
  3004: {
    caption: 'Entity Management',
    category: 3,
    required: [...everyEvent, 'entity'],
    activities: {
      ...everyActivity,
      1: 'Create',
      2: 'Read',
      3: 'Update',
      4: 'Delete',
      5: 'Move',
      6: 'Enroll',
      7: 'Unenroll',
      8: 'Enable',
      9: 'Disable',
      10: 'Activate',
      11: 'Deactivate',
      12: 'Suspend',
      13: 'Resume',
    },
    statuses,
  },
  3007: {
    caption: 'User Management',
    category: 3,
    required: [...everyEvent, 'user'],
    activities: {
      ...everyActivity,
      1: 'Create',
      2: 'Update',
      12: 'Enable MFA Factors',
      13: 'Disable MFA Factors',
      18: 'Add Programmatic Credentials',
      19: 'Remove Programmatic Credentials',
    },
    statuses,
  },
  5019: {
    caption: 'Device Config State Change',
    category: 5,
    required: [...everyEvent, 'device'],
    activities: { ...everyActivity, 1: 'Log', 2: 'Collect' },
    statuses,
  },
};

export interface ObjectFacts {
  required?: readonly string[];
  oneOf?: readonly string[];
}

/** By the attribute that holds one, or some. */
export const objects: Readonly<Record<string, ObjectFacts>> = {
  metadata: { required: ['product', 'version'] },
  product: { oneOf: ['name', 'uid'] },
  user: { oneOf: ['account', 'name', 'uid'] },
  actor: { oneOf: ['process', 'user', 'iam_role', 'invoked_by', 'session', 'app_name', 'app_uid'] },
  service: { oneOf: ['name', 'uid'] },
  device: {
    required: ['type_id'],
    oneOf: ['ip', 'uid', 'name', 'hostname', 'instance_uid', 'interface_uid', 'interface_name'],
  },
  entity: { oneOf: ['name', 'uid', 'device', 'group', 'org', 'policy', 'user'] },
  finding_info: { required: ['uid'] },
  attestation_list: { oneOf: ['fingerprint', 'signatures'] },
  fingerprint: { required: ['algorithm_id', 'value'] },
  raw_data_hash: { required: ['algorithm_id', 'value'] },
};
