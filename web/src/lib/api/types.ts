// What the API says, type by type. Times are RFC 3339 in UTC.

export type State = 'confirmed' | 'probable' | 'tentative' | 'unknown';
export type Permission = 'see' | 'export' | 'correct' | 'import' | 'people' | 'settings' | 'audit';
export type Role =
	| 'administrator'
	| 'security_officer'
	| 'clinical_engineering'
	| 'network'
	| 'security_analyst'
	| 'manager'
	| 'clinician'
	| 'auditor';

export interface First {
	open: boolean;
	/** SHA-256 of the TLS certificate, hex with colons. */
	fingerprint: string;
	version: string;
}
export interface Session {
	name: string;
	role: Role;
	permissions: Permission[];
	signed_in: string;
	ends: string;
	idle_minutes: number;
}
export interface Labels {
	categories: Record<string, { label: string; parent: string | null; medical: boolean }>;
	attributes: Record<string, string>;
	weaknesses: Record<string, string>;
	roles: Record<string, string>;
	families: Record<string, string>;
	people_roles: Record<Role, { label: string; permissions: Permission[] }>;
}
export interface Claim {
	value: string | null;
	label: string;
	state: State;
	confidence: number;
}
export interface DeviceRow {
	id: string;
	name: string;
	kind: Claim;
	vendor: Claim;
	family: Claim;
	model: Claim;
	software: Claim;
	medical: boolean;
	gateway: boolean;
	behind: string | null;
	address: string | null;
	addresses: number;
	mac: string | null;
	subnet: string | null;
	vlans: number[];
	place: string | null;
	hostname: string | null;
	roles: string[];
	weaknesses: number;
	peers: number;
	conflicts: number;
	corrected: boolean;
	first: string | null;
	last: string | null;
	bytes: number;
}
export type FacetId = 'kind' | 'state' | 'maker' | 'subnet' | 'place' | 'weakness' | 'role';
export interface Facet {
	id: FacetId;
	label: string;
	values: { value: string; label: string; count: number }[];
	more: number;
}
export interface DeviceList {
	items: DeviceRow[];
	total: number;
	all: number;
	next: string | null;
	facets: Facet[];
	version: number;
	as_of: string | null;
	problem: string | null;
}
export type Scope = 'east_west' | 'external' | 'group' | 'silent';
export interface Peer {
	id: string;
	name: string;
	kind: string;
	is_device: boolean;
	scope: Scope;
}
export interface Evidence {
	rule: string;
	family: string;
	family_label: string;
	weight_db: number;
	counted_db: number;
	field: string;
	value: string;
	also: { field: string; value: string }[];
	capture: string;
	frame: number;
	count: number;
	first: string;
	last: string;
	source: string;
}
export interface One {
	value: string | null;
	label: string;
	state: State;
	confidence: number;
	prior_db: number;
	score_db: number;
	/** Probability of none of the values that Cordon knows. */
	unknown: number;
	rivals: { value: string; label: string; confidence: number; score_db: number }[];
	evidence: Evidence[];
}
export interface AttributeView {
	id: string;
	label: string;
	group: 'identity' | 'clinical' | 'network';
	values: One[];
}
export interface FlowView {
	direction: 'out' | 'in';
	peer: Peer;
	application: string | null;
	ip_protocol: number;
	port: number | null;
	operations: Record<string, number>;
	connections: number;
	answered: number;
	bytes_sent: number;
	bytes_received: number;
	first: string;
	last: string;
	days: number;
	hours_of_week: number[];
}
export interface WeaknessView {
	kind: string;
	title: string;
	protocol: string;
	peer: Peer | null;
	count: number;
	first: string;
	last: string;
	capture: string;
	frame: number;
}
export interface Correction {
	device: string;
	device_name: string;
	attribute: string;
	value: string;
	label: string;
	before: string | null;
	reason: string;
	by: string;
	at: string;
	rule: string | null;
}
export type ChangeKind = 'new' | 'moved' | 'silent' | 'returned' | 'identity' | 'conflict' | 'corrected';
export interface Change {
	id: number;
	time: string;
	kind: ChangeKind;
	device: string;
	name: string;
	text: string;
}
export interface Interface {
	mac: string | null;
	local: boolean;
	organisation: string | null;
	vlans: number[];
	addresses: { ip: string; first: string; last: string; bound: boolean }[];
}
export interface RoleView {
	role: string;
	label: string;
	rule: string;
	field: string;
	capture: string;
	frame: number;
	count: number;
}
export interface Conflict {
	attribute: string;
	text: string;
	values: string[];
}
export interface DeviceDetail {
	row: DeviceRow;
	interfaces: Interface[];
	attributes: AttributeView[];
	roles: RoleView[];
	conflicts: Conflict[];
	weaknesses: WeaknessView[];
	flows: FlowView[];
	flows_total: number;
	behind: Peer | null;
	fronts: Peer[];
	corrections: Correction[];
	changes: Change[];
}
export interface Why {
	sentence: string;
	text: string;
	change: string;
}
export interface Question {
	id: string;
	kind: 'conflict' | 'unknown' | 'tentative';
	title: string;
	detail: string;
	device: string | null;
	settles: number;
	attribute: string | null;
	filter: string | null;
	answers: { label: string; value: string }[];
}
export interface KindCount {
	id: string;
	label: string;
	medical: boolean;
	filter: string;
	count: number;
	confirmed: number;
	probable: number;
	tentative: number;
	unknown: number;
}
export interface Overview {
	as_of: string | null;
	newest_packet: string | null;
	devices: { all: number; medical: number; new_day: number; conflicts: number };
	known: Record<State, number>;
	kinds: KindCount[];
	weaknesses: { kind: string; title: string; devices: number; medical: number }[];
	weakest: DeviceRow[];
	questions: Question[];
	questions_total: number;
	changes: Change[];
	not_seen: {
		silent_subnets: number;
		subnets: number;
		one_way: number;
		connections: number;
		lost_frames: number;
		frames: number;
	};
}
export type Grouping = 'kind' | 'subnet' | 'place' | 'zone';
export type Column = 'care' | 'servers' | 'others';
export interface MapDevice {
	id: string;
	name: string;
	state: State;
	weak: number;
	conflict: boolean;
}
export interface MapGroup {
	id: string;
	label: string;
	column: Column;
	filter: string;
	devices: MapDevice[];
}
export interface MapLink {
	from: string;
	to: string;
	devices: number;
	flows: number;
	connections: number;
	bytes: number;
	services: { application: string | null; port: number | null; flows: number }[];
	services_more: number;
}
export interface MapData {
	groups: MapGroup[];
	links: MapLink[];
	outside: number;
}
export interface Sensor {
	name: string;
	kind: 'card' | 'file';
	state: 'listening' | 'reading' | 'done' | 'failed' | 'silent';
	frames: number;
	bytes: number;
	lost: number;
	lost_share: number;
	first: string | null;
	newest: string | null;
	note: string | null;
}
export interface Coverage {
	sensors: Sensor[];
	frames: {
		received: number;
		decoded: number;
		skipped: { cause: string; label: string; count: number }[];
		lost: number;
	};
	subnets: { cidr: string; devices: number; newest: string | null; silent: boolean; one_way: boolean }[];
	limits: { name: string; label: string; count: number }[];
	one_way: { connections: number; of: number };
	unseen: { low: number; high: number; text: string } | null;
	knowledge: { version: string; rules: number };
	store: { state: 'ok' | 'full' | 'failing'; text: string; bytes: number };
	loss: { time: string; frames: number; lost: number }[];
}
export interface Import {
	id: string;
	name: string;
	state: 'waiting' | 'reading' | 'done' | 'failed';
	bytes: number;
	read: number;
	frames: number;
	note: string | null;
	by: string;
	started: string;
	ended: string | null;
}
export interface Person {
	name: string;
	role: Role;
	disabled: boolean;
	created: string;
	last_seen: string | null;
	must_change: boolean;
}
export interface AuditEntry {
	id: number;
	time: string;
	by: string;
	text: string;
}
export interface View {
	name: string;
	/** The URL query of the devices page. */
	query: string;
	shared: boolean;
}
export interface Settings {
	site: string;
	silent_after_hours: number;
	retention_days: number;
}
