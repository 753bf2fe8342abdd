// Draws the map: wires below, boxes over them, then all marks of one kind as one path.

import type { State } from '$lib/api/types';
import { HEAD, markPlace, type Layout } from './layout';

export interface Colours {
	surface: string;
	selected: string;
	line: string;
	accent: string;
	hatch: string;
	ink: string;
	mid: string;
	weak: string;
	conflict: string;
	focus: string;
}
export interface Scene {
	layout: Layout;
	colours: Colours;
	focus: string;
	device: string;
	/** Which wires show. */
	shows: (from: string, to: string) => boolean;
	left: number;
	top: number;
	width: number;
	height: number;
	ratio: number;
}

export function coloursOf(element: Element): Colours {
	const probe = document.createElement('span');
	element.append(probe);
	const read = (name: string) => {
		probe.style.color = `var(${name})`;
		return getComputedStyle(probe).color;
	};
	const colours: Colours = {
		surface: read('--surface'),
		selected: read('--selected'),
		line: read('--line-2'),
		accent: read('--accent'),
		hatch: read('--hatch'),
		ink: read('--ink-2'),
		mid: read('--control'),
		weak: read('--r3-fill'),
		conflict: read('--r2-fill'),
		focus: read('--focus')
	};
	probe.remove();
	return colours;
}

export function draw(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, colours, ratio } = scene;
	context.setTransform(ratio, 0, 0, ratio, 0, 0);
	context.clearRect(0, 0, scene.width, scene.height);
	context.translate(-scene.left, -scene.top);
	wires(context, scene);
	for (const box of layout.boxes) {
		if (box.y > scene.top + scene.height || box.y + box.h < scene.top) continue;
		const on = box.id === scene.focus;
		context.beginPath();
		context.roundRect(box.x, box.y, box.w, box.h, 6);
		context.fillStyle = on ? colours.selected : colours.surface;
		context.fill();
		context.lineWidth = on ? 2 : 1.2;
		context.strokeStyle = on ? colours.accent : colours.line;
		context.setLineDash(box.group ? [] : [4, 3]);
		context.stroke();
	}
	context.setLineDash([]);
	marks(context, scene);
}

function wires(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, colours, focus } = scene;
	for (const chosen of [false, true]) {
		for (const { link, width, path } of layout.wires) {
			const on = focus !== '' && (link.from === focus || link.to === focus);
			if (on !== chosen || (!on && !scene.shows(link.from, link.to))) continue;
			context.beginPath();
			context.moveTo(path[0], path[1]);
			context.bezierCurveTo(path[2], path[3], path[4], path[5], path[6], path[7]);
			context.lineWidth = width;
			context.globalAlpha = on ? 0.62 : focus ? 0.14 : 0.3;
			context.strokeStyle = on ? colours.accent : colours.hatch;
			context.stroke();
		}
	}
	context.globalAlpha = 1;
}

function marks(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, colours } = scene;
	const r = Math.max(2.2, layout.pitch * 0.34);
	const big = layout.pitch >= 11;
	const rings: Record<State, Path2D> = { confirmed: new Path2D(), probable: new Path2D(), tentative: new Path2D(), unknown: new Path2D() };
	const fills: Record<State, Path2D> = { confirmed: new Path2D(), probable: new Path2D(), tentative: new Path2D(), unknown: new Path2D() };
	const weak = new Path2D();
	const conflict = new Path2D();
	let chosen: [number, number] | null = null;
	for (const box of layout.boxes) {
		const devices = box.group?.devices ?? [];
		const first = Math.max(0, Math.floor((scene.top - box.y - HEAD) / layout.row)) * box.across;
		const last = Math.min(devices.length, (Math.ceil((scene.top + scene.height - box.y - HEAD) / layout.row) + 1) * box.across);
		for (let i = first; i < last; i += 1) {
			const device = devices[i];
			if (!device) continue;
			const [x, y] = markPlace(box, layout, i);
			mark(device.state, rings[device.state], fills[device.state], x, y, r, big);
			if (device.weak) weak.rect(x - r, y + r + r * 0.35, 2 * r, Math.max(1.6, r * 0.42));
			if (device.conflict) conflict.rect(x + r * 0.55, y - r * 1.15, r * 0.8, r * 0.8);
			if (device.id === scene.device) chosen = [x, y];
		}
	}
	context.lineWidth = Math.max(0.9, r * 0.24);
	context.strokeStyle = context.fillStyle = colours.ink;
	context.stroke(rings.probable);
	context.stroke(rings.tentative);
	context.fill(fills.confirmed);
	context.fill(fills.probable);
	context.fill(fills.tentative);
	context.setLineDash([r * 0.55, r * 0.45]);
	context.stroke(rings.unknown);
	context.setLineDash([]);
	context.fillStyle = colours.weak;
	context.fill(weak);
	context.fillStyle = colours.conflict;
	context.fill(conflict);
	if (chosen) {
		context.beginPath();
		context.arc(chosen[0], chosen[1], r + 4, 0, Math.PI * 2);
		context.lineWidth = 2;
		context.strokeStyle = colours.focus;
		context.stroke();
	}
}

/** The identity marks: a disc that fills. Where it is too small for a wedge, probable is a filled disc with a rim. */
function mark(state: State, ring: Path2D, fill: Path2D, x: number, y: number, r: number, big: boolean): void {
	const full = Math.PI * 2;
	if (state === 'confirmed') {
		fill.moveTo(x + r, y);
		fill.arc(x, y, r, 0, full);
		return;
	}
	const outer = r * 0.9;
	ring.moveTo(x + outer, y);
	ring.arc(x, y, outer, 0, full);
	if (state === 'unknown') return;
	const inner = big ? r * 0.66 : r * 0.62;
	if (state === 'probable') {
		fill.moveTo(x, y);
		fill.arc(x, y, inner, -Math.PI / 2, Math.PI);
		fill.closePath();
	} else {
		fill.moveTo(x, y - inner);
		fill.arc(x, y, inner, -Math.PI / 2, Math.PI / 2);
		fill.closePath();
	}
}
