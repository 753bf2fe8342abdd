// What the API says, type by type, under the names that the interface uses. Times are RFC 3339 in UTC.

import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Permission = Schemas['Permission'];
export type Role = Schemas['Role'];
export type First = Schemas['First'];
export type Session = Schemas['Session'];
export type Labels = Omit<Schemas['Words'], 'people_roles'> & { people_roles: Record<Role, Schemas['RoleWords']> };

export type Claim = Schemas['Claim'];
export type State = Claim['state'];
export type DeviceRow = Schemas['DeviceRow'];
export type Facet = Schemas['Facet'];
export type DeviceList = Schemas['DeviceList'];
export type DeviceDetail = Schemas['DeviceDetail'];
export type AttributeView = Schemas['AttributeView'];
export type One = Schemas['OneView'];
export type Evidence = Schemas['EvidenceView'];
export type Peer = Schemas['Peer'];
export type Scope = Peer['scope'];
export type FlowView = Schemas['FlowView'];
export type WeaknessView = Schemas['WeaknessView'];
/** What was said, and what has become of it where that is known. */
export type Correction = Schemas['CorrectionRow'];
export type Change = Schemas['Change'];
export type ChangeKind = Schemas['ChangeKind'];
export type Conflict = Schemas['ConflictView'];
export type Why = Schemas['Why'];

export type Question = Schemas['Question'];
export type Overview = Schemas['Overview'];
export type KindCount = Schemas['KindCounts'];

export type MapData = Schemas['MapData'];
export type MapGroup = Schemas['MapGroup'];
export type MapDevice = Schemas['MapDevice'];
export type MapLink = Schemas['MapLink'];
export type Column = MapGroup['column'];
export type Grouping = NonNullable<NonNullable<paths['/api/v1/map']['get']['parameters']['query']>['group']>;

export type Sensor = Schemas['SourceRow'];
export type Coverage = Schemas['Coverage'];
export type Import = Schemas['Import'];
export type Drills = Schemas['DrillList'];
export type DrillRun = Schemas['Run'];

export type Person = Schemas['Person'];
export type AuditEntry = Schemas['AuditRow'];
export type View = Schemas['SavedView'];
export type Settings = Schemas['Settings'];

/** What a list answers. */
export type Changes = Schemas['ChangeList'];
export type Audit = Schemas['AuditList'];
export type Added = Schemas['Added'];

export type * from './risk';
