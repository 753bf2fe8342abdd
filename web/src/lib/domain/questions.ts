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
