// Single letters and short sequences. They are off while typing and can be switched off (WCAG 2.1.4); no key confirms
// or changes anything outside its dialog.

import { look } from './look.svelte';

export interface Key {
	/** As `KeyboardEvent.key`; "g d" for a sequence, "Shift+D" for a capital. */
	key: string;
	words: string;
	do: (event: KeyboardEvent) => void;
}

const typing = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable ||
		target instanceof HTMLTextAreaElement ||
		target instanceof HTMLSelectElement ||
		(target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)));

class Keys {
	/** Not reactive: pages overlap while one gives way to the next, and nobody watches this list. */
	#sets: Key[][] = [];
	#first = '';
	#clear: ReturnType<typeof setTimeout> | null = null;

	get list(): Key[] {
		return this.#sets.flat();
	}
	/** Registers keys for as long as the calling component lives. */
	use(keys: Key[]): void {
		$effect.pre(() => {
			this.#sets.push(keys);
			return () => {
				this.#sets = this.#sets.filter((set) => set !== keys);
			};
		});
	}
	handle = (event: KeyboardEvent): void => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
		// Enter belongs to the link or button that it is pressed on.
		if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary')) return;
		if (typing(event.target) || !look.keys || document.querySelector('dialog[open]')) return;
		const pressed = event.shiftKey && event.key.length === 1 && /[A-Z]/.test(event.key) ? `Shift+${event.key}` : event.key;
		const sequence = this.#first ? `${this.#first} ${pressed}` : pressed;
		const all = this.list.toReversed?.() ?? [...this.list].reverse();
		const hit = all.find((key) => key.key === sequence);
		this.#forget();
		if (hit) {
			event.preventDefault();
			hit.do(event);
		} else if (all.some((key) => key.key.startsWith(`${pressed} `))) {
			this.#first = pressed;
			this.#clear = setTimeout(() => this.#forget(), 1200);
		}
	};
	#forget(): void {
		this.#first = '';
		if (this.#clear) clearTimeout(this.#clear);
		this.#clear = null;
	}
}

export const keys = new Keys();
