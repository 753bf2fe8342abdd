// How the page looks: theme, density, whether single letters act. Kept in this browser only.

type Theme = 'light' | 'dark';
interface Kept {
	theme?: Theme;
	large?: boolean;
	keysOff?: boolean;
	columns?: string;
}

const PLACE = 'cordon.look';

function read(): Kept {
	try {
		return JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Kept;
	} catch {
		return {};
	}
}

class Look {
	#kept = $state<Kept>(read());
	#system = $state<Theme>(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

	constructor() {
		const asked = document.documentElement.dataset.theme;
		if (asked === 'dark' || asked === 'light') this.#kept.theme = asked;
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
			this.#system = event.matches ? 'dark' : 'light';
		});
	}
	get theme(): Theme {
		return this.#kept.theme ?? this.#system;
	}
	get large(): boolean {
		return this.#kept.large ?? false;
	}
	get keys(): boolean {
		return !this.#kept.keysOff;
	}
	turnTheme(): void {
		this.#keep({ theme: this.theme === 'dark' ? 'light' : 'dark' });
		document.documentElement.dataset.theme = this.theme;
	}
	setLarge(large: boolean): void {
		this.#keep({ large });
		document.documentElement.classList.toggle('large', large);
	}
	setKeys(on: boolean): void {
		this.#keep({ keysOff: !on });
	}
	#keep(change: Kept): void {
		this.#kept = { ...this.#kept, ...change };
		try {
			localStorage.setItem(PLACE, JSON.stringify(this.#kept));
		} catch {
			// No storage: the choice lasts as long as the page.
		}
	}
}

export const look = new Look();
