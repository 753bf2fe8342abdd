// The columns of the device table. Which ones show is part of the address and of a saved view.

import { words } from '$lib/words';

export type ColumnId = keyof typeof words.devices.cols;
export interface Column {
	id: ColumnId;
	/** Pixels; columns without one share what is left. */
	width?: number;
	/** The least width of a column that shares what is left. */
	least?: number;
	/** How much of what is left it takes. */
	grows?: number;
	number?: boolean;
	/** The field that the server sorts by. */
	sort?: string;
}

const ALL: Record<ColumnId, Column> = {
	risk: { id: 'risk', width: 76, sort: 'risk' },
	weak: { id: 'weak', width: 62, sort: 'weak' },
	name: { id: 'name', least: 206, grows: 4, sort: 'name' },
	kind: { id: 'kind', least: 148, grows: 3, sort: 'kind' },
	model: { id: 'model', least: 180, grows: 3, sort: 'maker' },
	maker: { id: 'maker', least: 150, sort: 'maker' },
	family: { id: 'family', least: 130 },
	modelOnly: { id: 'modelOnly', least: 150, sort: 'model' },
	state: { id: 'state', width: 140, sort: 'state' },
	place: { id: 'place', width: 82 },
	address: { id: 'address', width: 106, sort: 'address' },
	mac: { id: 'mac', width: 150 },
	subnet: { id: 'subnet', width: 130 },
	vlans: { id: 'vlans', width: 70 },
	hostname: { id: 'hostname', width: 140 },
	roles: { id: 'roles', least: 170 },
	software: { id: 'software', width: 76 },
	peers: { id: 'peers', width: 68, number: true, sort: 'peers' },
	bytes: { id: 'bytes', width: 84, number: true, sort: 'bytes' },
	first: { id: 'first', width: 92, number: true, sort: 'first' },
	last: { id: 'last', width: 72, number: true, sort: 'last' }
};

export const everyColumn = Object.values(ALL);
const usual: ColumnId[] = ['risk', 'name', 'kind', 'model', 'place', 'address', 'software', 'last'];

/** The columns that an address names; the usual ones if it names none. */
export function readColumns(text: string): Column[] {
	const named = text.split(',').filter((id): id is ColumnId => id in ALL);
	const ids = named.length ? named : usual;
	return (ids.includes('name') ? ids : (['name', ...ids] as ColumnId[])).map((id) => ALL[id]);
}

export function writeColumns(columns: Column[]): string {
	const text = columns.map((column) => column.id).join(',');
	return text === usual.join(',') ? '' : text;
}

export interface Order {
	field: string;
	down: boolean;
}
export const readOrder = (text: string): Order[] =>
	text
		.split(',')
		.filter(Boolean)
		.map((part) => ({ field: part.replace(/^-/, ''), down: part.startsWith('-') }));
export const writeOrder = (order: Order[]): string => order.map((o) => (o.down ? '-' : '') + o.field).join(',');

/** The riskiest first, then by name. */
export const usualOrder = '-risk,name';
