// Runs before the first paint, so that a dark room never sees a white flash. A file of its own: the content security
// policy permits no script inside the page.
(function () {
	try {
		var kept = JSON.parse(localStorage.getItem('cordon.look') || '{}');
		var asked = new URLSearchParams(location.search).get('theme');
		var root = document.documentElement;
		var theme = asked === 'dark' || asked === 'light' ? asked : kept.theme;
		if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
		if (kept.large) root.classList.add('large');
	} catch (_) {
		// No storage: the system's choice of theme stands.
	}
})();
