// Draws the map: wires below, boxes over them, then the marks, each a stamp of its look.

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

/** Keeps a picture of all marks while it is not too large: choosing and scrolling only lay it over wires and boxes. */
export class Painter {
	#marks: HTMLCanvasElement | null = null;
	#of: readonly unknown[] = [];

	paint(context: CanvasRenderingContext2D, scene: Scene): void {
		const { layout, colours, ratio, left, top } = scene;
		draw(context, scene);
		const [width, height] = [Math.ceil(layout.width * ratio), Math.ceil(layout.height * ratio)];
		if (width * height > LARGEST) {
			this.#marks = null;
			marks(context, scene);
		} else {
			const of = [layout, colours, ratio];
			if (!this.#marks || of.some((part, at) => part !== this.#of[at])) {
				this.#marks = document.createElement('canvas');
				this.#marks.width = width;
				this.#marks.height = height;
				const inner = this.#marks.getContext('2d');
				if (inner) marks(inner, { ...scene, left: 0, top: 0, width: layout.width, height: layout.height });
				this.#of = of;
			}
			context.save();
			context.setTransform(1, 0, 0, 1, 0, 0);
			context.drawImage(this.#marks, Math.round(-left * ratio), Math.round(-top * ratio));
			context.restore();
		}
		chosen(context, scene);
	}
}
const LARGEST = 12e6;

function draw(context: CanvasRenderingContext2D, scene: Scene): void {
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

/** One small picture for each look that a mark can have: ten thousand stamps are quicker than ten thousand arcs. */
type Stamps = Map<string, HTMLCanvasElement>;
const SIDE = 1.7;

function stampsOf(scene: Scene): Stamps {
	const { layout, colours, ratio } = scene;
	const r = Math.max(2.2, layout.pitch * 0.34);
	const side = Math.ceil(2 * r * SIDE * ratio);
	const stamps: Stamps = new Map();
	for (const state of ['confirmed', 'probable', 'tentative', 'unknown'] as const) {
		for (const weak of [false, true]) {
			for (const conflict of [false, true]) {
				const canvas = document.createElement('canvas');
				canvas.width = canvas.height = side;
				const context = canvas.getContext('2d');
				if (!context) continue;
				context.scale(ratio, ratio);
				context.translate(side / ratio / 2, side / ratio / 2);
				const [ring, fill] = [new Path2D(), new Path2D()];
				mark(state, ring, fill, 0, 0, r, layout.pitch >= 11);
				context.lineWidth = Math.max(0.9, r * 0.24);
				context.strokeStyle = context.fillStyle = colours.ink;
				if (state === 'unknown') context.setLineDash([r * 0.55, r * 0.45]);
				context.stroke(ring);
				context.fill(fill);
				context.fillStyle = colours.weak;
				if (weak) context.fillRect(-r, r * 1.25, 2 * r, Math.max(1.6, r * 0.42));
				context.fillStyle = colours.conflict;
				if (conflict) context.fillRect(r * 0.55, -r * 1.15, r * 0.8, r * 0.8);
				stamps.set(lookOf(state, weak, conflict), canvas);
			}
		}
	}
	return stamps;
}
const lookOf = (state: State, weak: boolean, conflict: boolean): string => `${state}${weak ? '!' : ''}${conflict ? '?' : ''}`;

function marks(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, ratio } = scene;
	const stamps = stampsOf(scene);
	context.save();
	// Whole device pixels: stamps stay sharp.
	context.setTransform(1, 0, 0, 1, 0, 0);
	for (const box of layout.boxes) {
		const devices = box.group?.devices ?? [];
		const first = Math.max(0, Math.floor((scene.top - box.y - HEAD) / layout.row)) * box.across;
		const last = Math.min(devices.length, (Math.ceil((scene.top + scene.height - box.y - HEAD) / layout.row) + 1) * box.across);
		for (let i = first; i < last; i += 1) {
			const device = devices[i];
			const stamp = device && stamps.get(lookOf(device.state, device.weak > 0, device.conflict));
			if (!device || !stamp) continue;
			const [x, y] = markPlace(box, layout, i);
			context.drawImage(stamp, Math.round((x - scene.left) * ratio - stamp.width / 2), Math.round((y - scene.top) * ratio - stamp.height / 2));
		}
	}
	context.restore();
}

/** A ring around the device that was chosen. */
function chosen(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, colours, device, focus } = scene;
	const box = layout.byId.get(focus);
	const at = box?.group?.devices.findIndex((d) => d.id === device) ?? -1;
	if (!box || at < 0) return;
	const [x, y] = markPlace(box, layout, at);
	context.beginPath();
	context.arc(x, y, Math.max(2.2, layout.pitch * 0.34) + 4, 0, Math.PI * 2);
	context.lineWidth = 2;
	context.strokeStyle = colours.focus;
	context.stroke();
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
