// The address is the state: filters, tab, selection and open reasons live in the query, so that a link reopens the view.

import { goto } from '$app/navigation';
import { page } from '$app/state';

class Address {
	get(name: string): string {
		return page.url.searchParams.get(name) ?? '';
	}
	/** Changes the query; an empty value leaves it out. `step` makes it a step that Back undoes. */
	set(changes: Record<string, string | null>, step = false): void {
		const url = new URL(location.href);
		for (const [name, value] of Object.entries(changes)) {
			if (value) url.searchParams.set(name, value);
			else url.searchParams.delete(name);
		}
		if (url.href === location.href) return;
		void goto(url.pathname + url.search, { replace: !step, reset: false });
	}
}

export const address = new Address();
