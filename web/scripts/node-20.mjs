// SvelteKit 3 asks for Node 22 because its build calls Promise.withResolvers. Node 20 lacks only that; nothing of it
// reaches the browser.
Promise.withResolvers ??= function () {
	let resolve, reject;
	const promise = new Promise((yes, no) => {
		resolve = yes;
		reject = no;
	});
	return { promise, resolve, reject };
};
