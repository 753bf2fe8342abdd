// The arithmetic of the waterfall: where each bar begins and ends, in decibans and on the axis.

import type { One } from '$lib/api/types';

export interface Bar {
	from: number;
	to: number;
}
export interface Fall {
	prior: Bar;
	steps: Bar[];
	/** What limits take from or add to the plain sum; 0 if nothing. */
	rest: Bar | null;
	score: number;
	/** Axis of the picture. */
	low: number;
	high: number;
}

/** Odds of 9 to 1 in decibans: where "probable" begins. */
export const PROBABLE = 9.54;

export function fall(one: One): Fall {
	const prior: Bar = { from: 0, to: one.prior_db };
	let at = one.prior_db;
	const steps = one.evidence.map((evidence) => {
		const bar = { from: at, to: at + evidence.counted_db };
		at = bar.to;
		return bar;
	});
	const rest = Math.abs(one.score_db - at) >= 0.1 && one.evidence.length ? { from: at, to: one.score_db } : null;
	const ends = [0, PROBABLE, one.score_db, prior.to, ...steps.map((bar) => bar.to)];
	return { prior, steps, rest, score: one.score_db, low: Math.min(...ends), high: Math.max(...ends) };
}

/** The chance, before evidence, as "one in n". */
export const oneIn = (db: number): number => Math.max(2, Math.round(1 + 10 ** (-db / 10)));
