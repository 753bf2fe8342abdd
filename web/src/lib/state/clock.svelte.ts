// One clock for every age on the page. It stands still while nobody looks.

class Clock {
	now = $state(Date.now());

	constructor() {
		setInterval(() => {
			if (!document.hidden) this.now = Date.now();
		}, 1000);
		document.addEventListener('visibilitychange', () => {
			if (!document.hidden) this.now = Date.now();
		});
	}
}

export const clock = new Clock();
