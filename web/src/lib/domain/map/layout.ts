// Where everything on the map stands: arithmetic, no simulation, so that the picture is the same tomorrow. Three
// columns by role; in each box one mark per device, packed in a grid.

import type { Column, MapData, MapGroup, MapLink } from '$lib/api/types';

export interface Box {
	id: string;
	group: MapGroup | null;
	column: Column;
	x: number;
	y: number;
	w: number;
	h: number;
	/** Marks per row. */
	across: number;
}
export interface Wire {
	link: MapLink;
	width: number;
	/** Begin, two control points, end. */
	path: [number, number, number, number, number, number, number, number];
}
export interface Layout {
	boxes: Box[];
	byId: ReadonlyMap<string, Box>;
	wires: Wire[];
	/** Links that are too many to draw. */
	hidden: number;
	width: number;
	height: number;
	/** Distance between marks, and between their rows. */
	pitch: number;
	row: number;
}

export const HEAD = 32;
const PAD = 10;
const EDGE = 14;
const GAP = 12;
const MOST_LINKS = 200;
const PITCHES = [36, 32, 28, 24, 21, 18, 15, 13, 11, 9.5, 8, 7];
const COLUMNS: readonly Column[] = ['care', 'servers', 'others'];
export const BEYOND = ['external', 'group', 'silent'] as const;
type Beyond = (typeof BEYOND)[number];
/** What lies outside stands with the others; what went to many or to nobody below the servers, where there is room. */
const ASIDE: Record<Beyond, Column> = { external: 'others', group: 'servers', silent: 'servers' };
/** Up to so many devices marks stay large enough to be told apart, even if the picture then has to be scrolled. */
const FEW = 400;
const READABLE = 15;

export function layout(data: MapData, width: number, height: number, zoom: number): Layout {
	const beyond = BEYOND.filter((id) => data.links.some((l) => l.to === id || l.from === id));
	const devices = data.groups.reduce((sum, group) => sum + group.devices.length, 0);
	const pitches = devices > FEW ? PITCHES : PITCHES.filter((pitch) => pitch >= READABLE);
	let chosen = pitches.at(-1) ?? READABLE;
	for (const pitch of pitches) {
		if (COLUMNS.every((c) => columnHeight(data, c, beyond, width, pitch) <= height)) {
			chosen = pitch;
			break;
		}
	}
	const pitch = chosen * zoom;
	const wide = width * zoom;
	const tall = Math.max(height * zoom, ...COLUMNS.map((c) => columnHeight(data, c, beyond, wide, pitch)));
	const boxes = COLUMNS.flatMap((column) => place(data, column, beyond, wide, tall, pitch));
	const byId = new Map(boxes.map((box) => [box.id, box]));
	const drawable = data.links.filter((l) => l.from !== l.to && byId.has(l.from) && byId.has(l.to)).sort((a, b) => b.bytes - a.bytes);
	return {
		boxes,
		byId,
		wires: wire(drawable.slice(0, MOST_LINKS), byId),
		hidden: Math.max(0, drawable.length - MOST_LINKS),
		width: wide,
		height: tall,
		pitch,
		row: rowOf(pitch)
	};
}

/** Rows stand a little further apart than marks: below each mark is the place for its weakness. */
const rowOf = (pitch: number) => pitch * 1.22;

function span(column: Column, width: number): { x: number; w: number } {
	if (column === 'care') return { x: EDGE, w: width * 0.27 };
	if (column === 'servers') return { x: width * 0.372, w: width * 0.256 };
	return { x: width - EDGE - width * 0.27, w: width * 0.27 };
}
function sizes(data: MapData, column: Column, width: number, pitch: number) {
	const { w } = span(column, width);
	const across = Math.max(1, Math.floor((w - 2 * PAD) / pitch));
	return data.groups
		.filter((g) => g.column === column)
		.map((group) => ({ group, across, h: HEAD + Math.ceil(group.devices.length / across) * rowOf(pitch) + PAD - 2 }));
}
function columnHeight(data: MapData, column: Column, beyond: readonly Beyond[], width: number, pitch: number): number {
	const extra = beyond.filter((id) => ASIDE[id] === column).length * (HEAD + GAP);
	return sizes(data, column, width, pitch).reduce((sum, s) => sum + s.h + GAP, extra) + 2 * EDGE - GAP;
}
function place(data: MapData, column: Column, beyond: readonly Beyond[], width: number, height: number, pitch: number): Box[] {
	const { x, w } = span(column, width);
	const list: { id: string; group: MapGroup | null; across: number; h: number }[] = sizes(data, column, width, pitch).map((s) => ({ id: s.group.id, ...s }));
	list.push(...beyond.filter((id) => ASIDE[id] === column).map((id) => ({ id, group: null, across: 1, h: HEAD })));
	const used = list.reduce((sum, item) => sum + item.h, 0);
	// A column with room to spare spreads; the picture stays readable from the back row.
	const gap = list.length > 1 ? Math.max(GAP, Math.min(column === 'servers' ? 56 : 44, (height - 2 * EDGE - used) / (list.length - 1))) : GAP;
	const all = used + gap * Math.max(0, list.length - 1);
	let y = column === 'servers' ? Math.max(EDGE, (height - all) / 2) : EDGE;
	return list.map((item) => {
		const box: Box = { id: item.id, group: item.group, column, x, y, w, h: item.h, across: item.across };
		y += item.h + gap;
		return box;
	});
}

function wire(links: MapLink[], byId: ReadonlyMap<string, Box>): Wire[] {
	// Both directions of a pair share one bundle; each bundle has its own place at the edge of a box.
	const pairs = new Map<string, { a: Box; b: Box; links: MapLink[] }>();
	for (const link of links) {
		const [a, b] = [byId.get(link.from), byId.get(link.to)];
		if (!a || !b) continue;
		const key = [a.id, b.id].sort().join('\u0000');
		const pair = pairs.get(key);
		if (pair) pair.links.push(link);
		else pairs.set(key, { a, b, links: [link] });
	}
	const ends = new Map<string, { other: Box; key: string }[]>();
	for (const [key, { a, b }] of pairs) {
		for (const [box, other] of [[a, b], [b, a]] as const) {
			const side = `${box.id}\u0000${other.x > box.x ? 'r' : other.x < box.x ? 'l' : box.column === 'others' ? 'l' : 'r'}`;
			ends.set(side, [...(ends.get(side) ?? []), { other, key }]);
		}
	}
	const at = new Map<string, [number, number]>();
	for (const [side, list] of ends) {
		const [id = '', edge] = side.split('\u0000');
		const box = byId.get(id);
		if (!box) continue;
		list.sort((p, q) => p.other.y - q.other.y);
		list.forEach((end, i) => at.set(`${id}\u0000${end.key}`, [edge === 'r' ? box.x + box.w : box.x, box.y + (box.h * (i + 1)) / (list.length + 1)]));
	}
	return [...pairs].flatMap(([key, { a, b, links: both }]) => {
		const [from, to] = [at.get(`${a.id}\u0000${key}`), at.get(`${b.id}\u0000${key}`)];
		const link = both[0];
		if (!from || !to || !link) return [];
		const same = a.x === b.x;
		const out = a.column === 'others' ? -1 : 1;
		const bend = same ? 46 * out : (to[0] - from[0]) / 2;
		const bytes = both.reduce((sum, l) => sum + l.bytes, 0);
		const width = Math.min(14, Math.max(1.5, (Math.log10(bytes + 1) - 2.2) * 2.3));
		const x2 = same ? to[0] + bend : to[0] - bend;
		return [{ link, width, path: [from[0], from[1], from[0] + bend, from[1], x2, to[1], to[0], to[1]] as Wire['path'] }];
	});
}

/** The device under a point of a box, by division. */
export function markAt(box: Box, l: Layout, x: number, y: number): number {
	const column = Math.floor((x - PAD) / l.pitch);
	const row = Math.floor((y - HEAD) / l.row);
	if (column < 0 || column >= box.across || row < 0) return -1;
	const index = row * box.across + column;
	return index < (box.group?.devices.length ?? 0) ? index : -1;
}
export function markPlace(box: Box, l: Layout, index: number): [number, number] {
	return [box.x + PAD + ((index % box.across) + 0.5) * l.pitch, box.y + HEAD + (Math.floor(index / box.across) + 0.45) * l.row];
}
