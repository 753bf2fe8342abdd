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

export type Band = keyof Schemas['Bands'];
export type Spread = Schemas['Spread'];
export type RiskOverview = Schemas['RiskOverview'];
export type RiskQuestion = Schemas['RiskQuestion'];
export type RiskRow = Schemas['RiskRow'];
export type RiskGroup = Schemas['RiskGroup'];
export type GroupBy = NonNullable<NonNullable<paths['/api/v1/risk/groups']['get']['parameters']['query']>['by']>;
export type TrendPoint = Schemas['TrendPoint'];
export type DeviceRisk = Omit<Schemas['DeviceRisk'], 'findings' | 'decisions'> & { findings: RiskFinding[]; decisions: Decision[] };
export type RiskFinding = Omit<Schemas['RiskFinding'], 'decision'> & { decision: Decision | null };
export type Cause = Schemas['Cause'];
export type Part = Cause['part'];
export type Verdict = RiskFinding['verdict'];
export type Remedy = Schemas['Remedy'];
export type Exploited = Schemas['Exploited'];
export type WhatIf = Schemas['WhatIf'];
export type AttackPaths = Schemas['AttackPaths'];
export type AttackPath = Schemas['Way'];
export type Hop = Schemas['Hop'];
/** The generator crosses a choice that carries descriptions with an object. */
export type DecisionKind = 'accepted' | 'mitigated' | 'false_positive';
export type Decision = Omit<Schemas['DecisionRow'], 'kind'> & { kind: DecisionKind };
export type NewDecision = Omit<Schemas['Decide'], 'kind'> & { kind: DecisionKind };
export type Plan = Schemas['Plan'];
export type PlanStep = Schemas['PlanStep'];
export type StepKind = PlanStep['kind'];
export type AdvisoryRow = Schemas['AdvisoryRow'];
export type AdvisoryList = Schemas['AdvisoryList'];
export type AdvisoryFinding = Schemas['AdvisoryFinding'];
export type AdvisoryDetail = Schemas['AdvisoryDetail'];
export type AdvisoryVerdict = NonNullable<NonNullable<paths['/api/v1/advisories']['get']['parameters']['query']>['verdict']>;
export type Feed = Schemas['FeedState'];
export type Brought = Schemas['Brought'];
