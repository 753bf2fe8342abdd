// A gate before the server that can be shut: to the browser the server is then gone.
import { createServer, connect } from 'node:net';
import { address } from './world.mjs';

export async function gate() {
	const { hostname, port } = new URL(address);
	const open = new Set();
	let shut = false;
	const server = createServer((near) => {
		if (shut) return near.destroy();
		const far = connect(Number(port), hostname);
		for (const end of [near, far]) {
			open.add(end);
			end.on('error', () => {});
			end.on('close', () => {
				open.delete(end);
				near.destroy();
				far.destroy();
			});
		}
		near.pipe(far).pipe(near);
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		address: `https://127.0.0.1:${server.address().port}`,
		shut() {
			shut = true;
			for (const end of open) end.destroy();
		},
		reopen() {
			shut = false;
		},
		close() {
			for (const end of open) end.destroy();
			server.close();
		}
	};
}
