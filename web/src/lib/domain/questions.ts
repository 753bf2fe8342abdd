import type { ChangeKind, Question } from '$lib/api/types';
import type { IconName } from '$lib/ui/icons';

export const questionIcon: Record<Question['kind'], IconName> = { conflict: 'warn', unknown: 'unknown', tentative: 'ask' };

export const changeIcon: Record<ChangeKind, IconName> = {
	new: 'plus',
	moved: 'right',
	silent: 'eyeoff',
	returned: 'undo',
	identity: 'devices',
	conflict: 'warn',
	corrected: 'user'
};

/** A device that a question about an address is asked of. */
export interface Holder {
	device: string;
	name: string;
}
export interface Asked {
	question: Question;
	others: Holder[];
}

const WHO = ': who holds the address?';

/** Questions as people read them: two devices at one address are one question. */
export function merged(questions: readonly Question[]): Asked[] {
	const out: Asked[] = [];
	const byAddress = new Map<string, Asked>();
	for (const question of questions) {
		const about = question.kind === 'conflict' && !question.attribute && question.device && question.title.endsWith(WHO);
		if (!about || !question.device) {
			out.push({ question, others: [] });
			continue;
		}
		const holder = { device: question.device, name: question.title.slice(0, -WHO.length) };
		const known = byAddress.get(question.detail);
		if (known) known.others.push(holder);
		else {
			const asked = { question, others: [holder] };
			byAddress.set(question.detail, asked);
			out.push(asked);
		}
	}
	// One device alone keeps its own words.
	return out.map((asked) => (asked.others.length > 1 ? asked : { ...asked, others: [] }));
}
