// What the server says by itself. Versions are merged to four a second; a hidden page stops listening and asks once
// when it is looked at again.

import * as api from '$lib/api/client';
import type { Change, Import } from '$lib/api/types';
import { session } from './session.svelte';

const MERGE_MS = 250;
const RETRY_MS = [1000, 2000, 5000, 10_000];

class Live {
	/** Grows whenever what is on screen should be asked for again. */
	version = $state(0);
	/** Since when nothing was heard, while the stream is down; else null. */
	lostAt = $state<number | null>(null);
	retryAt = $state<number | null>(null);
	imports = $state.raw<Record<string, Import>>({});
	changed = $state.raw<Change | null>(null);

	#stop: (() => void) | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#merge: ReturnType<typeof setTimeout> | null = null;
	#tries = 0;
	#running = false;

	start(): () => void {
		this.#running = true;
		const seen = () => (document.hidden ? this.#pause() : this.#connect());
		document.addEventListener('visibilitychange', seen);
		this.#connect();
		return () => {
			this.#running = false;
			document.removeEventListener('visibilitychange', seen);
			this.#pause();
			this.lostAt = null;
		};
	}
	retry(): void {
		this.#tries = 0;
		this.#pause();
		this.#connect();
	}
	/** Asks for everything on screen again. */
	touch(): void {
		this.#merge ??= setTimeout(() => {
			this.#merge = null;
			this.version += 1;
		}, MERGE_MS);
	}
	#pause(): void {
		this.#stop?.();
		this.#stop = null;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
	}
	#connect(): void {
		if (!this.#running || this.#stop || document.hidden) return;
		let opened = false;
		this.#stop = api.listen({
			view: () => this.touch(),
			risk: () => this.touch(),
			change: (change) => {
				this.changed = change;
			},
			import: (state) => {
				this.imports = { ...this.imports, [state.id]: state };
			},
			session: () => session.ended(),
			open: () => {
				opened = true;
				const missed = this.lostAt !== null || this.#tries > 0;
				this.#tries = 0;
				this.lostAt = null;
				this.retryAt = null;
				if (missed) this.touch();
			},
			lost: () => {
				this.#stop = null;
				if (!this.#running) return;
				this.lostAt ??= Date.now();
				const wait = opened ? 1000 : (RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)] ?? 10_000);
				this.#tries += 1;
				this.retryAt = Date.now() + wait;
				this.#timer = setTimeout(() => {
					this.#timer = null;
					this.#connect();
				}, wait);
			}
		});
	}
}

export const live = new Live();
