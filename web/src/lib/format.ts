// Numbers and times as people read them. Thousands with a comma, a space before units, 24-hour clock, day month year.

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export const count = (n: number): string => whole.format(n);
export const many = (n: number, one: string, more: string): string => `${count(n)} ${n === 1 ? one : more}`;

/** A score with one decimal. */
export const score = (n: number): string => n.toFixed(1);

/** A change of a score, with a true minus sign. */
export function change(n: number): string {
	const size = Math.abs(n).toFixed(1);
	return size === '0.0' ? size : `${n < 0 ? '−' : '+'}${size}`;
}

/** Whole per cent; what is there is never none, what is left out never all. */
export function share(part: number): string {
	if (part <= 0) return '0 %';
	if (part < 0.005) return '< 1 %';
	return `${part < 1 ? Math.min(99, Math.round(part * 100)) : 100} %`;
}

/** Days of work: "2", "0.5". */
export const days = (n: number): string => Number(n.toFixed(1)).toLocaleString('en-GB');

/** Large counts short: 41.2 M. */
export function short(n: number): string {
	if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
	if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
	return count(n);
}

export function bytes(n: number): string {
	for (const [size, unit] of [
		[1e12, 'TB'],
		[1e9, 'GB'],
		[1e6, 'MB'],
		[1e3, 'kB']
	] as const) {
		if (n >= size) return `${(n / size).toFixed(n / size < 10 ? 1 : 0)} ${unit}`;
	}
	return `${n} B`;
}

/** Two digits, three above 0.99, cut rather than rounded: nothing that is not certain reads as 1. */
export function probability(p: number): string {
	if (p > 0 && p < 0.001) return '< 0.001';
	const digits = p > 0.99 || p < 0.01 ? 3 : 2;
	const unit = 10 ** digits;
	return (p >= 1 ? 1 : Math.floor(p * unit + 1e-9) / unit).toFixed(digits);
}

/** Decibans with a true minus sign. */
export function decibans(db: number): string {
	const size = Math.abs(db);
	const text = Number.isInteger(Math.round(size * 10) / 10) ? size.toFixed(0) : size.toFixed(1);
	return `${db < 0 ? '−' : '+'}${text}`;
}

/** A share in per cent; small ones keep enough digits to be no zero. */
export function percent(share: number): string {
	const p = share * 100;
	if (p === 0 || p === 100) return `${p} %`;
	if (p > 99.9) return '> 99.9 %';
	if (p < 0.001) return '< 0.001 %';
	return `${p < 0.1 ? p.toFixed(3) : p < 10 || p > 99 ? p.toFixed(1) : p.toFixed(0)} %`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** "12 s", "3 min", "5 h" within a day; the date after. `null` if the time cannot be read. */
export function age(time: string, now: number): { text: string; ago: boolean } | null {
	const then = Date.parse(time);
	if (Number.isNaN(then)) return null;
	const seconds = (now - then) / 1000;
	if (seconds < -5) return { text: day(new Date(then), now), ago: false };
	if (seconds < 1) return { text: '0 s', ago: true };
	if (seconds < 60) return { text: `${Math.floor(seconds)} s`, ago: true };
	if (seconds < 3600) return { text: `${Math.floor(seconds / 60)} min`, ago: true };
	if (seconds < 86_400) return { text: `${Math.floor(seconds / 3600)} h`, ago: true };
	return { text: day(new Date(then), now), ago: false };
}

function day(date: Date, now: number): string {
	const text = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
	return date.getFullYear() === new Date(now).getFullYear() ? text : `${text} ${date.getFullYear()}`;
}

/** "23 Nov 2026" */
export function date(time: string): string {
	const at = new Date(time);
	return Number.isNaN(at.getTime()) ? '' : `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()}`;
}

/** "14:02" today, "5 Nov" before. */
export function when(time: string, now: number): string {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return '';
	const same = date.toDateString() === new Date(now).toDateString();
	return same ? `${two(date.getHours())}:${two(date.getMinutes())}` : day(date, now);
}

/** "Mon 23 Nov 2026, 14:02:31 CET" */
export function stamp(time: string | number): string {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return '';
	return `${DAYS[date.getDay()]} ${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}, ${clock(date)} ${zone(date)}`;
}

export const clock = (date: Date): string =>
	`${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

export function zone(date: Date): string {
	const part = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
		.formatToParts(date)
		.find((p) => p.type === 'timeZoneName');
	return part?.value ?? '';
}

/** "3 d 4 h", for spans. */
export function span(seconds: number): string {
	if (seconds < 60) return `${Math.round(seconds)} s`;
	if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
	if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
	return `${Math.round(seconds / 86_400)} d`;
}
