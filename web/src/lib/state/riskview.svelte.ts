// The risk of one device, and what it would be with the options that are ticked. What is ticked lives in the address.

import * as api from '$lib/api/client';
import type { DeviceRisk, NewDecision, WhatIf } from '$lib/api/types';
import { address } from './address.svelte';
import { ask, type Asked } from './ask.svelte';
import { live } from './live.svelte';

export interface RiskView {
	readonly asked: Asked<DeviceRisk>;
	readonly what: Asked<WhatIf>;
	/** The risk of this device; null until it is here. */
	readonly risk: DeviceRisk | null;
	readonly whatIf: WhatIf | null;
	readonly ticked: ReadonlySet<string>;
	tick(option: string): void;
	clear(): void;
	decide(decision: NewDecision): Promise<void>;
	takeBack(decision: string): Promise<void>;
}

/** Follows a device for as long as the calling component lives; an empty id asks nothing. */
export function viewRisk(device: () => string): RiskView {
	const todo = $derived(address.get('do'));
	const ticked = $derived(new Set(todo.split(',').filter(Boolean)));
	const asked = ask(() => { const id = device(); return id ? (signal) => api.deviceRisk(id, signal) : null; }, { live: true });
	const what = ask(() => { const [id, list] = [device(), todo]; return id && list ? (signal) => api.whatIf(id, list, signal) : null; }, { live: true });
	const set = (options: ReadonlySet<string>) => address.set({ do: [...options].join(',') || null });
	return {
		asked,
		what,
		get risk() {
			return asked.value?.device === device() ? asked.value : null;
		},
		get whatIf() {
			return todo ? what.value : null;
		},
		get ticked() {
			return ticked;
		},
		tick(option) {
			const next = new Set(ticked);
			if (!next.delete(option)) next.add(option);
			set(next);
		},
		clear: () => set(new Set()),
		async decide(decision) {
			await api.decide(device(), decision);
			live.touch();
		},
		async takeBack(decision) {
			await api.undecide(device(), decision);
			live.touch();
		}
	};
}
