// What may follow in the filter field: first the keys, then the values that a key has here.

import type { Facet, Labels } from '$lib/api/types';
import { KEYS, write, type Token } from '$lib/filter';
import { count } from '$lib/format';
import { words } from '$lib/words';
import { BANDS } from '../risk/bands';

export interface Suggestion {
	text: string;
	note: string;
	count?: string;
	/** A whole token; otherwise only its beginning. */
	done: boolean;
}

const YES_NO = ['medical', 'conflict', 'corrected'];
const SAMPLES: Record<string, string[]> = {
	seen: ['<1h', '<1d', '>7d'],
	new: ['<1d', '<7d'],
	peers: ['>20', '0'],
	weak: ['>0', '>2']
};
const MOST = 12;

export function suggest(draft: string, labels: Labels | null, facets: Facet[]): Suggestion[] {
	const match = /^(-?)([a-z]*)(?::(.*))?$/i.exec(draft.trimStart());
	if (!match) return [];
	const [, not = '', key = '', typed] = match;
	if (typed === undefined) {
		return KEYS.filter((k) => k.startsWith(key.toLowerCase())).map((k) => ({ text: `${not}${k}:`, note: words.filterHelp[k] ?? '', done: false }));
	}
	const part = typed.replaceAll('"', '').toLowerCase();
	return valuesOf(key, labels, facets)
		.filter((v) => v.value.toLowerCase().includes(part) || v.label.toLowerCase().includes(part))
		.slice(0, MOST)
		.map((v) => ({ text: write([{ key, values: [v.value], not: not === '-' }]), note: v.label === v.value ? '' : v.label, count: v.count, done: true }));
}

function valuesOf(key: string, labels: Labels | null, facets: Facet[]): { value: string; label: string; count?: string }[] {
	if (YES_NO.includes(key)) return [{ value: 'yes', label: words.common.yes }, { value: 'no', label: words.common.no }].map((v) => ({ ...v, label: v.value }));
	const samples = SAMPLES[key];
	if (samples) return samples.map((value) => ({ value, label: value }));
	const here = (facets.find((f) => f.id === key)?.values ?? []).map((v) => ({ value: v.value, label: v.label, count: count(v.count) }));
	const known = new Set(here.map((v) => v.value));
	const rest: { value: string; label: string }[] =
		key === 'risk'
			? BANDS.map((value) => ({ value, label: words.risk.band[value] }))
			: key === 'kind'
			? Object.entries(labels?.categories ?? {}).map(([value, c]) => ({ value, label: c.label }))
			: key === 'weakness'
				? Object.entries(labels?.weaknesses ?? {}).map(([value, label]) => ({ value, label }))
				: key === 'role'
					? Object.entries(labels?.roles ?? {}).map(([value, label]) => ({ value, label }))
					: [];
	return [...here, ...rest.filter((v) => !known.has(v.value))];
}

/** A token's values as people say them. */
export function tokenText(token: Token, labels: Labels | null): string {
	const say = (value: string) => {
		if (token.key === 'kind') return labels?.categories[value]?.label ?? value;
		if (token.key === 'weakness') return labels?.weaknesses[value] ?? value;
		if (token.key === 'role') return labels?.roles[value] ?? value;
		return value;
	};
	return token.values.map(say).join(', ');
}
