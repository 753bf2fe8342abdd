import type { MapLink } from '$lib/api/types';
import { words } from '$lib/words';

/** The services of a link in one line: names where known, ports where not. */
export function services(link: MapLink): string {
	const names = [...new Set(link.services.map((s) => s.application ?? String(s.port ?? '')))].filter(Boolean);
	return [...names, link.services_more ? words.map.moreServices(link.services_more) : ''].filter(Boolean).join(', ') || words.empty.notKnown;
}
