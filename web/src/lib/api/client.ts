// The only place that speaks to the server. Routes and lib/state call it; nothing else does.

import { clean } from '$lib/visible';
import type * as T from './types';

const BASE = '/api/v1';

/** Why a call did not do what it should: the server's own sentence, or that there was no answer (status 0). */
export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly title: string,
		readonly detail: string,
		/** Seconds to wait, if the server says so. */
		readonly wait: number | null = null
	) {
		super(detail || title);
	}
	get unreachable(): boolean {
		return this.status === 0 || (this.status >= 502 && this.status <= 504);
	}
}

let signedOut: () => void = () => {};
/** Sets what happens when the server no longer knows the session. */
export function onSignedOut(then: () => void): void {
	signedOut = then;
}

type Query = Record<string, string | number | null | undefined>;
interface Call {
	method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	query?: Query;
	body?: unknown;
	signal?: AbortSignal;
	/** A 401 is an answer here, not the end of the session. */
	asks?: boolean;
}

function address(path: string, query: Query = {}): string {
	const parts = new URLSearchParams();
	for (const [key, value] of Object.entries(query)) {
		if (value !== null && value !== undefined && value !== '') parts.set(key, String(value));
	}
	const text = parts.toString();
	return BASE + path + (text ? `?${text}` : '');
}

async function call<R>(path: string, { method = 'GET', query, body, signal, asks }: Call = {}): Promise<R> {
	let response: Response;
	try {
		response = await fetch(address(path, query), {
			method,
			signal,
			credentials: 'same-origin',
			headers: body === undefined ? {} : { 'content-type': body instanceof Blob ? 'application/octet-stream' : 'application/json' },
			body: body === undefined || body instanceof Blob ? body : JSON.stringify(body)
		});
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') throw error;
		throw new Problem(0, '', '');
	}
	if (!response.ok) {
		if (response.status === 401 && !asks) signedOut();
		throw await problemOf(response);
	}
	if (response.status === 204) return undefined as R;
	return clean((await response.json()) as R);
}

async function problemOf(response: Response): Promise<Problem> {
	const after = Number(response.headers.get('retry-after'));
	const wait = Number.isFinite(after) && after > 0 ? after : null;
	try {
		const told = clean((await response.json()) as { title?: string; detail?: string });
		return new Problem(response.status, told.title ?? '', told.detail ?? '', wait);
	} catch {
		return new Problem(response.status, '', '', wait);
	}
}

const part = encodeURIComponent;
type S = AbortSignal | undefined;

export const first = (signal?: S) => call<T.First>('/first', { signal });
export const begin = (secret: string, name: string, password: string) =>
	call<T.Session>('/first', { method: 'POST', body: { secret, name, password }, asks: true });
export const signIn = (name: string, password: string) =>
	call<T.Session>('/session', { method: 'POST', body: { name, password }, asks: true });
export const session = (signal?: S) => call<T.Session>('/session', { signal, asks: true });
export const signOut = () => call<void>('/session', { method: 'DELETE', asks: true });
export const signOutEverywhere = () => call<void>('/session/everywhere', { method: 'DELETE', asks: true });
export const changePassword = (old: string, next: string) =>
	call<void>('/session/password', { method: 'PUT', body: { old, new: next }, asks: true });

export const labels = (signal?: S) => call<T.Labels>('/words', { signal });

export interface DevicesQuery {
	q: string;
	sort: string;
	from?: number;
	limit?: number;
}
export const devices = ({ q, sort, from = 0, limit = 100 }: DevicesQuery, signal?: S) =>
	call<T.DeviceList>('/devices', { query: { q, sort, from, limit }, signal });
export const exportAddress = (format: 'csv' | 'json', q: string, sort: string) =>
	address('/devices/export', { format, q, sort });
export const device = (id: string, signal?: S) => call<T.DeviceDetail>(`/devices/${part(id)}`, { signal });
export const why = (id: string, attribute: string, signal?: S) =>
	call<T.Why>(`/devices/${part(id)}/why/${part(attribute)}`, { signal });
export const correct = (id: string, attribute: string, value: string, reason: string) =>
	call<T.Correction>(`/devices/${part(id)}/corrections/${part(attribute)}`, {
		method: 'PUT',
		body: { value, reason }
	});
export const takeBack = (id: string, attribute: string) =>
	call<void>(`/devices/${part(id)}/corrections/${part(attribute)}`, { method: 'DELETE' });
export const corrections = (signal?: S) => call<{ items: T.Correction[] }>('/corrections', { signal });
export const changes = (query: { before?: number | null; limit?: number; device?: string }, signal?: S) =>
	call<T.Changes>('/changes', { query, signal });

export const overview = (signal?: S) => call<T.Overview>('/overview', { signal });
export const questions = (signal?: S) => call<{ items: T.Question[] }>('/questions', { signal });
export const map = (group: T.Grouping, q: string, signal?: S) =>
	call<T.MapData>('/map', { query: { group, q }, signal });
export const coverage = (signal?: S) => call<T.Coverage>('/coverage', { signal });

export const imports = (signal?: S) => call<{ items: T.Import[] }>('/imports', { signal });
export const importState = (id: string, signal?: S) => call<T.Import>(`/imports/${part(id)}`, { signal });

export const drills = (signal?: S) => call<T.Drills>('/drills', { signal });
export const startDrill = (attack: string) => call<T.DrillRun>('/drills', { method: 'POST', body: { attack } });

/** Gives an import up: what was read until then stays. */
export const giveUpImport = (id: string) => call<void>(`/imports/${part(id)}`, { method: 'DELETE' });

/** Sends a capture; `told` hears how many bytes are across. */
export function importCapture(file: File, told: (sent: number) => void, signal?: S): Promise<T.Import> {
	return new Promise((resolve, reject) => {
		// fetch cannot tell how far an upload is.
		const request = new XMLHttpRequest();
		request.open('POST', address('/imports', { name: file.name }));
		request.responseType = 'text';
		request.upload.onprogress = (event) => told(event.loaded);
		request.onerror = () => reject(new Problem(0, '', ''));
		request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
		request.onload = () => {
			let answer: unknown = null;
			try {
				answer = clean(JSON.parse(request.responseText));
			} catch {
				// Without a body the status alone speaks.
			}
			if (request.status >= 200 && request.status < 300 && answer) return resolve(answer as T.Import);
			if (request.status === 401) signedOut();
			const told = (answer ?? {}) as { title?: string; detail?: string };
			reject(new Problem(request.status, told.title ?? '', told.detail ?? ''));
		};
		signal?.addEventListener('abort', () => request.abort());
		request.send(file);
	});
}

export const risk = (signal?: S) => call<T.RiskOverview>('/risk', { signal });
export const riskGroups = (by: T.GroupBy, signal?: S) => call<{ items: T.RiskGroup[]; more: number }>('/risk/groups', { query: { by }, signal });
export const deviceRisk = (id: string, signal?: S) => call<T.DeviceRisk>(`/devices/${part(id)}/risk`, { signal });
/** `todo` are the options that are ticked. */
export const whatIf = (id: string, todo: string, signal?: S) =>
	call<T.WhatIf>(`/devices/${part(id)}/risk/what-if`, { query: { do: todo }, signal });
export const attackPaths = (id: string, signal?: S) => call<T.AttackPaths>(`/devices/${part(id)}/risk/path`, { signal });
export const decide = (id: string, decision: T.NewDecision) =>
	call<T.Decision>(`/devices/${part(id)}/risk/decisions`, { method: 'POST', body: decision });
export const decisions = (signal?: S) => call<{ items: T.Decision[] }>('/risk/decisions', { signal });
export const undecide = (id: string, decision: string) =>
	call<void>(`/devices/${part(id)}/risk/decisions/${part(decision)}`, { method: 'DELETE' });

export interface PlanQuery {
	days: number | null;
	downtime: number | null;
}
export const plan = (query: PlanQuery, signal?: S) => call<T.Plan>('/plan', { query: { ...query }, signal });
export const planAddress = (query: PlanQuery) => address('/plan/export', { ...query });

export const advisories = (query: { verdict: T.AdvisoryVerdict; q: string }, signal?: S) =>
	call<T.AdvisoryList>('/advisories', { query, signal });
export const advisory = (id: string, signal?: S) => call<T.AdvisoryDetail>(`/advisories/${part(id)}`, { signal });
export const feeds = (signal?: S) => call<{ items: T.Feed[] }>('/feeds', { signal });
/** Brings one file of outside knowledge. */
export const importFeed = (file: File, signal?: S) =>
	call<T.Brought>('/feeds', { method: 'POST', query: { name: file.name }, body: file, signal });

export const people = (signal?: S) => call<{ items: T.Person[] }>('/people', { signal });
export const addPerson = (name: string, role: T.Role) =>
	call<T.Added>('/people', { method: 'POST', body: { name, role } });
export const changePerson = (name: string, change: { role?: T.Role; disabled?: boolean }) =>
	call<T.Person>(`/people/${part(name)}`, { method: 'PATCH', body: change });
export const newSecret = (name: string) =>
	call<{ secret: string }>(`/people/${part(name)}/secret`, { method: 'POST' });
export const audit = (before: number | null, limit: number, signal?: S) =>
	call<T.Audit>('/audit', { query: { before, limit }, signal });

export const views = (signal?: S) => call<{ items: T.View[] }>('/views', { signal });
export const keepView = (name: string, query: string) =>
	call<T.View>(`/views/${part(name)}`, { method: 'PUT', body: { query } });
export const dropView = (name: string) => call<void>(`/views/${part(name)}`, { method: 'DELETE' });

export const settings = (signal?: S) => call<T.Settings>('/settings', { signal });
export const changeSettings = (next: T.Settings) =>
	call<T.Settings>('/settings', { method: 'PUT', body: next });

export interface Events {
	view(event: { version: number; as_of: string | null }): void;
	change(event: T.Change): void;
	/** Risk was reckoned anew. */
	risk(): void;
	import(event: T.Import): void;
	session(): void;
	open(): void;
	/** The stream ended; the caller decides when to try again. */
	lost(): void;
}

/** Listens to the server; the answer ends it. */
export function listen(on: Events): () => void {
	const source = new EventSource(`${BASE}/events`);
	const read = <E>(event: Event): E | null => {
		try {
			return clean(JSON.parse((event as MessageEvent<string>).data) as E);
		} catch {
			return null;
		}
	};
	source.onopen = () => on.open();
	source.onerror = () => {
		source.close();
		on.lost();
	};
	source.addEventListener('view', (event) => {
		const told = read<{ version: number; as_of: string | null }>(event);
		if (told) on.view(told);
	});
	source.addEventListener('change', (event) => {
		const told = read<T.Change>(event);
		if (told) on.change(told);
	});
	source.addEventListener('import', (event) => {
		const told = read<T.Import>(event);
		if (told) on.import(told);
	});
	source.addEventListener('risk', () => on.risk());
	source.addEventListener('session', () => on.session());
	return () => source.close();
}
