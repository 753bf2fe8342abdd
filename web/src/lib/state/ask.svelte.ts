// One question to the server and what became of it. The last answer stays on screen while a new one is on its way or
// fails, with its age; skeletons wait 300 ms, and after 5 s the page says what is slow.

import { untrack } from 'svelte';
import { Problem } from '$lib/api/client';
import { live } from './live.svelte';

export class Asked<T> {
	value = $state.raw<T | null>(null);
	problem = $state.raw<Problem | null>(null);
	/** No answer yet, and long enough to show it. */
	waiting = $state(false);
	slow = $state(false);
	/** When the value came. */
	at = $state(0);
	#again = $state(0);

	get turn(): number {
		return this.#again;
	}
	retry = (): void => {
		this.problem = null;
		this.#again += 1;
	};
	/** An answer that came another way, such as the reply to a change. */
	set(value: T): void {
		this.value = value;
		this.at = Date.now();
	}
}

type Fetcher<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Asks whenever what `question` reads changes; `null` asks nothing. With `live`, asks again when the server says that
 * something changed. Must be called while a component starts.
 */
export function ask<T>(question: () => Fetcher<T> | null, options: { live?: boolean; keep?: boolean } = {}): Asked<T> {
	const asked = new Asked<T>();
	$effect(() => {
		const fetcher = question();
		void asked.turn;
		if (options.live) void live.version;
		if (!fetcher) {
			asked.value = null;
			asked.problem = null;
			return;
		}
		const stop = new AbortController();
		const soon = setTimeout(() => (asked.waiting = true), 300);
		const late = setTimeout(() => (asked.slow = true), 5000);
		const end = () => {
			clearTimeout(soon);
			clearTimeout(late);
			asked.waiting = false;
			asked.slow = false;
		};
		untrack(() => fetcher(stop.signal)).then(
			(value) => {
				if (stop.signal.aborted) return;
				end();
				asked.value = value;
				asked.problem = null;
				asked.at = Date.now();
			},
			(error: unknown) => {
				if (stop.signal.aborted) return;
				end();
				asked.problem = error instanceof Problem ? error : new Problem(-1, '', String(error));
			}
		);
		return () => {
			stop.abort();
			end();
		};
	});
	return asked;
}
