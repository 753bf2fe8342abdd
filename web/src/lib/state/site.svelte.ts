// What every page rests on: the ledger, the counts of the rail, the name of the house. Asked at most every 5 seconds.

import { untrack } from 'svelte';
import * as api from '$lib/api/client';
import type { Coverage, Feed, Overview, Settings } from '$lib/api/types';
import { live } from './live.svelte';

/** Files of outside knowledge change by the day. */
const FEEDS_MS = 60_000;

class Site {
	coverage = $state.raw<Coverage | null>(null);
	overview = $state.raw<Overview | null>(null);
	settings = $state.raw<Settings | null>(null);
	feeds = $state.raw<Feed[] | null>(null);
	#last = 0;
	#lastFeeds = 0;

	/** Keeps this fresh while somebody is signed in, for as long as the calling component lives. */
	watch(signedIn: () => boolean): void {
		$effect(() => {
			void live.version;
			if (!signedIn()) return undefined;
			const wait = Math.max(0, this.#last + 5000 - Date.now());
			const soon = setTimeout(() => untrack(() => this.load()), wait);
			return () => clearTimeout(soon);
		});
		$effect(() => {
			const again = setInterval(() => {
				if (!document.hidden && signedIn()) void this.load();
			}, 30_000);
			return () => clearInterval(again);
		});
	}
	async load(): Promise<void> {
		this.#last = Date.now();
		const isTime = this.#last - this.#lastFeeds > FEEDS_MS;
		if (isTime) this.#lastFeeds = this.#last;
		const [coverage, overview, settings, feeds] = await Promise.allSettled([
			api.coverage(),
			api.overview(),
			this.settings ?? api.settings(),
			isTime ? api.feeds() : null
		]);
		// What fails keeps its last value: the line about the lost server says why it is old.
		if (coverage.status === 'fulfilled') this.coverage = coverage.value;
		if (overview.status === 'fulfilled') this.overview = overview.value;
		if (settings.status === 'fulfilled') this.settings = settings.value;
		if (feeds.status === 'fulfilled' && feeds.value) this.feeds = feeds.value.items;
	}
}

export const site = new Site();
