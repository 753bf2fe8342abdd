// What the API says of risk, the plan, advisories and outside knowledge. Times are RFC 3339 in UTC; scores go from 0 to
// 100, shares from 0 to 1.

export type Band = 'critical' | 'high' | 'medium' | 'low';
/** A score, its 80 % interval and its band. The interval is null until it is reckoned. */
export interface Spread {
	score: number;
	low: number | null;
	high: number | null;
	band: Band;
}
export interface RiskRow {
	device: string;
	name: string;
	category: string | null;
	/** Care unit, room or network. */
	place: string | null;
	spread: Spread;
	rank: { low: number; high: number } | null;
	/** The two strongest causes, in words. */
	because: string[];
	affected: number;
	undetermined: number;
	/** Whether it tells a model: no advisory can be held against one that does not. */
	is_named: boolean;
	becomes: string | null;
}
export interface TrendPoint {
	time: string;
	score: number;
	low: number;
	high: number;
	devices: number;
}
export interface RiskQuestion {
	asks: string;
	model: string;
	devices: number;
	findings: number;
	/** A device of which it can be read. */
	example: string;
}
export type Reckoned = 'reckoning' | 'ready';
export interface RiskOverview {
	as_of: string | null;
	state: Reckoned;
	devices: number;
	hospital: Spread | null;
	bands: Record<Band, number>;
	/** Oldest first. */
	trend: TrendPoint[];
	most: RiskRow[];
	first: PlanStep[];
	first_days: number;
	first_left: number;
	questions: RiskQuestion[];
	/** For how many devices SSVC asks for more or for less than the band. */
	ssvc: { more: number; less: number };
	tables: string;
	advisories: number;
	feeds_as_of: string | null;
	feeds_stale: string[];
	took_ms: number;
}

export type GroupBy = 'kind' | 'model' | 'unit' | 'site' | 'network';
export interface RiskGroup {
	name: string;
	label: string;
	devices: number;
	spread: Spread;
	/** Its share of all expected harm. */
	share: number;
	filter: string | null;
}

export type Part = 'susceptibility' | 'exposure' | 'host' | 'incident' | 'impact';
export interface Cause {
	part: Part;
	name: string;
	label: string;
	from: string;
	value: number;
	share: number;
	/** Nobody looked: such devices often have it. */
	is_guess: boolean;
	terms: [string, number][];
}
export interface ScoreStep {
	what: string;
	label: string;
	/** The score after it. */
	score: number;
}
export interface Remedy {
	kind: string;
	text: string;
}
export type DecisionKind = 'accepted' | 'mitigated' | 'false_positive';
export interface Decision {
	id: string;
	kind: DecisionKind;
	about: string;
	device: string;
	reason: string;
	owner: string;
	by: string;
	at: string;
	until: string;
	is_over: boolean;
}
export interface NewDecision {
	kind: DecisionKind;
	about: string;
	reason: string;
	owner: string;
	until: string;
}
export type Verdict = 'affected' | 'not_affected' | 'undetermined';
export type Tier = 'decided' | 'likely' | 'possible';
export interface Cvss {
	version: string;
	score: number;
	vector: string;
}
export interface Exploited {
	added: string;
	by_ransomware: boolean;
}
export interface RiskFinding {
	cve: string;
	advisory: string;
	title: string;
	url: string | null;
	verdict: Verdict;
	tier: Tier;
	/** As the advisory writes it. */
	statement: string;
	asks: string[];
	cvss: Cvss | null;
	epss: number | null;
	exploited: Exploited | null;
	remedies: Remedy[];
	decision: Decision | null;
	/** Of susceptibility. */
	share: number;
}
/** Something that can be done; the id is opaque. */
export interface Option {
	id: string;
	label: string;
	person_days: number;
	/** Change of the score given what is ticked; negative is better. */
	delta: number;
}
export interface DeviceRisk {
	device: string;
	name: string;
	category: string | null;
	as_of: string | null;
	spread: Spread;
	rank: { low: number; high: number; of: number } | null;
	becomes: string | null;
	parts: { susceptibility: number; exposure: number; host: number; likelihood: number; impact: number; expected_harm: number };
	causes: Cause[];
	steps: ScoreStep[];
	findings: RiskFinding[];
	options: Option[];
	ssvc: { action: string; why: string[]; differs: string | null } | null;
	decisions: Decision[];
	tables: string;
	is_named: boolean;
}
export interface WhatIf {
	spread: Spread;
	steps: ScoreStep[];
	options: Option[];
	person_days: number;
	hospital: { before: number; after: number };
	formula: { susceptibility: number; exposure: number; impact: number };
}

export type Basis = 'observed' | 'permitted' | 'assumed';
export interface Hop {
	node: 'entry' | 'network' | 'device';
	name: string;
	device: string | null;
	band: Band | null;
	/** How it is reached, in words. */
	by: string;
	probability: number;
	basis: Basis;
}
export interface AttackPath {
	probability: number;
	hops: Hop[];
}
export interface AttackPaths {
	taken_over: number | null;
	paths: AttackPath[];
	blast: { devices: number; medical: number } | null;
}

export type StepKind = 'segment' | 'patch' | 'configure' | 'virtual_patch' | 'remote_access' | 'replace' | 'accept';
export interface PlanStep {
	id: string;
	rank: number;
	action: string;
	kind: StepKind;
	who: string;
	why: string;
	/** At most 50 of them. */
	devices: { id: string; name: string }[];
	device_count: number;
	person_days: number;
	person_days_in_all: number;
	downtime_hours: number;
	/** Share of the harm before and after it. */
	before: number;
	left: number;
	is_beyond: boolean;
}
export interface Plan {
	state: Reckoned;
	as_of: string | null;
	days: number;
	downtime: number | null;
	steps: PlanStep[];
	refused: { action: string; why: string }[];
	notes: string[];
}

export interface AdvisoryRow {
	id: string;
	title: string;
	url: string | null;
	publisher: string;
	released: string;
	updated: string;
	vulnerabilities: number;
	exploited: number;
	affected: number;
	undetermined: number;
	not_affected: number;
	/** The highest CVSS base score. */
	worst: number | null;
}
export interface AdvisoryList {
	total: number;
	/** All that are known, matched or not. */
	known: number;
	items: AdvisoryRow[];
}
export interface AdvisoryFinding {
	device: string;
	name: string;
	cve: string;
	verdict: Verdict;
	tier: Tier;
	statement: string;
	asks: string[];
}
export interface AdvisoryDetail extends AdvisoryRow {
	findings: AdvisoryFinding[];
	findings_count: number;
	remedies: Remedy[];
	cves: { cve: string; cvss: Cvss | null; epss: number | null; exploited: Exploited | null }[];
}
export interface Feed {
	feed: string;
	title: string;
	documents: number;
	facts: number;
	newest: string | null;
	age_days: number | null;
	is_stale: boolean;
}
export interface Taken {
	taken: boolean;
	known: boolean;
	notes: string[];
}
