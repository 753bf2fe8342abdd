// Every link is built here. What comes from the network is encoded; nothing is pasted.

import type { Grouping, Role } from '$lib/api/types';

type Query = Record<string, string | null | undefined>;

function withQuery(path: string, query: Query): string {
	const parts = new URLSearchParams();
	for (const [key, value] of Object.entries(query)) if (value) parts.set(key, value);
	const text = parts.toString();
	return text ? `${path}?${text}` : path;
}

export type DeviceTab = 'profile' | 'risk' | 'traffic' | 'weaknesses' | 'timeline';

export const paths = {
	overview: '/overview',
	questions: '/questions',
	sensors: '/sensors',
	drill: '/sensors#drill',
	settings: '/settings',
	people: '/settings/people',
	audit: '/settings/audit',
	feeds: '/settings/feeds',
	risk: (query: { device?: string; by?: string } = {}) => withQuery('/risk', query),
	plan: (query: { open?: string } = {}) => withQuery('/plan', query),
	advisories: (query: { verdict?: string; q?: string } = {}) => withQuery('/advisories', query),
	advisory: (id: string) => `/advisories/${encodeURIComponent(id)}`,
	signIn: (to?: string) => withQuery('/signin', { to }),
	first: '/first',
	choose: (to?: string) => withQuery('/password', { to }),
	devices: (query: { q?: string; sort?: string; import?: string } = {}) => withQuery('/devices', query),
	device: (id: string, query: { tab?: DeviceTab; why?: string } = {}) =>
		withQuery(`/devices/${encodeURIComponent(id)}`, {
			tab: query.tab === 'profile' ? null : query.tab,
			why: query.why
		}),
	map: (query: { group?: Grouping; focus?: string; as?: string } = {}) => withQuery('/map', query),
	question: (id: string) => withQuery('/questions', { at: id })
};

/** Where a role begins: with what only it can do. */
export const homeOf = (role: Role): string => (role === 'clinical_engineering' ? paths.questions : paths.overview);

/** A path of this site to return to after signing in; anything else becomes home. */
export function safeReturn(to: string | null, home: string = paths.overview): string {
	if (!to || !to.startsWith('/') || to.startsWith('//') || to.includes('\\')) return home;
	return ['/signin', '/first', '/password'].some((door) => to.startsWith(door)) ? home : to;
}
