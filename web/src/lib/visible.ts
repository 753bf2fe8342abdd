// Names come from hostile networks. Characters that draw nothing, or that turn the reading direction, are shown as what
// they are, so that no name can hide a part of itself or dress up as another.

const HIDDEN =
	/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]|[\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/gu;

/** The text with every hidden character written out, such as `[U+202E]`. Tabs and line ends stay. */
export function visible(text: string): string {
	return text.replace(HIDDEN, (character) => {
		const code = character.codePointAt(0) ?? 0;
		return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
	});
}

/** Fields that are sent back to the server as they came, and are not shown without `visible`. */
const KEYS = new Set(['id', 'value', 'filter', 'query', 'device', 'from', 'to', 'next', 'behind', 'kind_id', 'example']);

/** An answer of the API with every text that is shown made visible. */
export function clean<T>(answer: T): T {
	return walk(answer) as T;
}

function walk(node: unknown): unknown {
	if (typeof node === 'string') return visible(node);
	if (Array.isArray(node)) return node.map(walk);
	if (node === null || typeof node !== 'object') return node;
	const out: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(node)) {
		out[key] = KEYS.has(key) && typeof value === 'string' ? value : walk(value);
	}
	return out;
}
