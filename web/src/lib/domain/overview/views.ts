// What each role sees first on the overview. Order and defaults only: every view is open to everybody.

import type { Role } from '$lib/api/types';

export const VIEWS = ['manager', 'engineering', 'network', 'security', 'ward'] as const;
export type ViewId = (typeof VIEWS)[number];
export type Part = 'first' | 'most' | 'weak' | 'questions' | 'kinds' | 'weakest' | 'changes' | 'subnets' | 'ward';

/** Two rows below the strip, the first wider on the left. */
export const PARTS: Record<ViewId, { strip: boolean; rows: Part[][] }> = {
	manager: { strip: true, rows: [['first', 'questions'], ['kinds', 'most', 'changes']] },
	engineering: { strip: true, rows: [['weakest', 'questions'], ['kinds', 'weak', 'changes']] },
	network: { strip: true, rows: [['subnets', 'changes'], ['weak', 'kinds', 'questions']] },
	security: { strip: true, rows: [['weak', 'changes'], ['weakest', 'kinds', 'questions']] },
	ward: { strip: false, rows: [['ward', 'changes'], ['questions']] }
};

const OF: Record<Role, ViewId> = {
	administrator: 'manager',
	manager: 'manager',
	auditor: 'manager',
	clinical_engineering: 'engineering',
	network: 'network',
	security_officer: 'security',
	security_analyst: 'security',
	clinician: 'ward'
};
export const viewOf = (role: Role | undefined): ViewId => (role ? OF[role] : 'manager');
