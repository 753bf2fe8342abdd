// The device list in ranges. Values change in place as traffic arrives; rows never move under the pointer, and new ones
// wait until somebody asks for them.

import { untrack } from 'svelte';
import * as api from '$lib/api/client';
import { Problem } from '$lib/api/client';
import type { DeviceList, DeviceRow } from '$lib/api/types';
import { live } from './live.svelte';

export const RANGE = 100;

export class Rows {
	/** What the last answer said beside its rows: counts, facets, what is wrong with the filter. */
	about = $state.raw<DeviceList | null>(null);
	total = $state(0);
	newer = $state(0);
	problem = $state.raw<Problem | null>(null);
	waiting = $state(false);
	slow = $state(false);
	#ranges = $state.raw<ReadonlyMap<number, DeviceRow[]>>(new Map());
	#asking = new Set<number>();
	#seen: [number, number] = [0, 0];
	#stop = new AbortController();
	#q = '';
	#sort = '';

	/** Follows a filter and an order for as long as the calling component lives. */
	follow(read: () => { q: string; sort: string }): void {
		$effect(() => {
			const { q, sort } = read();
			untrack(() => this.#start(q, sort));
			return () => this.#stop.abort();
		});
		$effect(() => {
			if (live.version) untrack(() => void this.#refresh());
		});
	}
	row = (index: number): DeviceRow | undefined => this.#ranges.get(Math.floor(index / RANGE))?.[index % RANGE];

	/** Loads what the rows from `first` to `last` need. */
	need = (first: number, last: number): void => {
		this.#seen = [first, last];
		for (let range = Math.floor(first / RANGE); range <= Math.floor(last / RANGE); range += 1) {
			if (range >= 0 && range * RANGE < this.total && !this.#ranges.has(range)) void this.#load(range);
		}
	};
	get loaded(): DeviceRow[] {
		return [...this.#ranges.values()].flat();
	}
	restart = (): void => this.#start(this.#q, this.#sort);

	#start(q: string, sort: string): void {
		this.#stop.abort();
		this.#stop = new AbortController();
		this.#asking.clear();
		this.#q = q;
		this.#sort = sort;
		this.problem = null;
		void this.#load(0, true);
	}
	async #load(range: number, fresh = false): Promise<void> {
		if (this.#asking.has(range)) return;
		this.#asking.add(range);
		const { signal } = this.#stop;
		const soon = setTimeout(() => (this.waiting = true), 300);
		const late = setTimeout(() => (this.slow = true), 5000);
		try {
			const list = await api.devices({ q: this.#q, sort: this.#sort, from: range * RANGE, limit: RANGE }, signal);
			if (signal.aborted) return;
			this.#ranges = fresh ? new Map([[range, list.items]]) : new Map(this.#ranges).set(range, list.items);
			if (fresh) {
				this.total = list.total;
				this.newer = 0;
			}
			this.about = list;
			this.problem = null;
		} catch (error) {
			if (signal.aborted) return;
			this.problem = error instanceof Problem ? error : new Problem(-1, '', String(error));
		} finally {
			clearTimeout(soon);
			clearTimeout(late);
			this.#asking.delete(range);
			if (!signal.aborted) this.waiting = this.slow = false;
		}
	}
	async #refresh(): Promise<void> {
		const [first, last] = this.#seen;
		const { signal } = this.#stop;
		const from = Math.floor(first / RANGE) * RANGE;
		try {
			const list = await api.devices({ q: this.#q, sort: this.#sort, from, limit: Math.min(300, last - from + RANGE) }, signal);
			if (signal.aborted) return;
			if (this.total === 0 && list.total > 0) return this.restart();
			const fresh = new Map(list.items.map((row) => [row.id, row]));
			const next = new Map<number, DeviceRow[]>();
			for (const [range, rows] of this.#ranges) next.set(range, rows.map((row) => fresh.get(row.id) ?? row));
			this.#ranges = next;
			this.newer = Math.max(0, list.total - this.total);
			this.about = list;
		} catch {
			// The line about the lost server says it; the rows stay.
		}
	}
}
