// Short confirmations of what a person just did, with Undo where it exists. Never the only place of a message.

export interface Toast {
	id: number;
	text: string;
	undo?: () => void;
}

class Toasts {
	list = $state<Toast[]>([]);
	#next = 1;

	say(text: string, undo?: () => void): void {
		const id = this.#next++;
		this.list.push({ id, text, undo });
		setTimeout(() => this.drop(id), undo ? 12_000 : 6000);
	}
	drop(id: number): void {
		this.list = this.list.filter((toast) => toast.id !== id);
	}
}

export const toasts = new Toasts();
