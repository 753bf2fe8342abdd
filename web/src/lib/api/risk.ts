// What is not in the API yet: outside knowledge that is brought as files.

export interface Feed {
	feed: string;
	title: string;
	documents: number;
	facts: number;
	newest: string | null;
	age_days: number | null;
	is_stale: boolean;
}
export interface Taken {
	taken: boolean;
	known: boolean;
	notes: string[];
}
