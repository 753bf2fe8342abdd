// The filter of the device list as people type it: words, and tokens such as `kind:ct_scanner,mri_scanner` or
// `-state:confirmed`. The server judges it; this only takes it apart and puts it together, so that the words, the
// facets and the address are one thing.

export interface Token {
	/** Empty for a plain word. */
	key: string;
	values: string[];
	not: boolean;
}

export const KEYS = [
	'risk',
	'kind',
	'state',
	'maker',
	'subnet',
	'place',
	'weakness',
	'role',
	'medical',
	'conflict',
	'corrected',
	'behind',
	'address',
	'seen',
	'new',
	'peers',
	'weak'
] as const;
export type Key = (typeof KEYS)[number];

const TOKEN = /(-?)([a-z]+):((?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)|"([^"]*)"|(\S+)/g;

export function parse(text: string): Token[] {
	const out: Token[] = [];
	for (const match of text.matchAll(TOKEN)) {
		const [, not, key, list, quoted, word] = match;
		if (key !== undefined && list !== undefined) {
			const values = [...list.matchAll(/"([^"]*)"|([^,"]+)/g)].map((v) => v[1] ?? v[2] ?? '');
			out.push({ key, values, not: not === '-' });
		} else {
			const value = quoted ?? word ?? '';
			if (value) out.push({ key: '', values: [value], not: false });
		}
	}
	return out;
}

const quote = (value: string): string => {
	const bare = value.replaceAll('"', '');
	return /[\s,:]/.test(bare) || bare === '' ? `"${bare}"` : bare;
};
const quoteValue = (value: string): string => {
	const bare = value.replaceAll('"', '');
	return /[\s,]/.test(bare) || bare === '' ? `"${bare}"` : bare;
};

export function write(tokens: Token[]): string {
	return tokens
		.filter((token) => token.values.length > 0)
		.map((token) =>
			token.key
				? `${token.not ? '-' : ''}${token.key}:${token.values.map(quoteValue).join(',')}`
				: token.values.map(quote).join(' ')
		)
		.join(' ');
}

/** Whether the filter holds this value of this key. */
export function holds(tokens: Token[], key: string, value: string): boolean {
	return tokens.some((token) => token.key === key && !token.not && token.values.includes(value));
}

/** The filter with one value added or taken out. */
export function toggle(tokens: Token[], key: string, value: string): Token[] {
	const at = tokens.findIndex((token) => token.key === key && !token.not);
	if (at < 0) return [...tokens, { key, values: [value], not: false }];
	return tokens.flatMap((token, i) => {
		if (i !== at) return [token];
		const values = token.values.includes(value)
			? token.values.filter((v) => v !== value)
			: [...token.values, value];
		return values.length ? [{ ...token, values }] : [];
	});
}

export const without = (tokens: Token[], at: number): Token[] => tokens.filter((_, i) => i !== at);
