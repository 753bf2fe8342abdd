// Writes a capture by hand: DHCP requests whose host names are whatever a test wants (RFC 2131 §2, RFC 2132 §3.14).

const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
const two = (n) => [n >> 8, n & 255];

function checksum(header) {
	let sum = 0;
	for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
	while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
	return ~sum & 0xffff;
}

function udp(from, to, ports, payload) {
	const length = 8 + payload.length;
	const header = bytes([0x45, 0], two(20 + length), [0, 0, 0, 0, 64, 17, 0, 0], from.ip, to.ip);
	header.writeUInt16BE(checksum(header), 10);
	// A checksum of zero says that there is none (RFC 768).
	return bytes(to.mac, from.mac, [8, 0], header, two(ports[0]), two(ports[1]), two(length), [0, 0], payload);
}

function request(host, name) {
	return bytes(
		[1, 1, 6, 0, 1, 2, 3, host.mac[5], 0, 0, 0, 0],
		host.ip,
		Buffer.alloc(12),
		host.mac,
		Buffer.alloc(202),
		[99, 130, 83, 99, 53, 1, 3, 12, name.length],
		name,
		255
	);
}

/** A capture (pcap) of one host for each name, at 10.66.0.1 and on, and the address of each. */
export function named(names) {
	const server = { mac: [2, 0x66, 0, 0, 0, 0xfe], ip: [10, 66, 0, 254] };
	const records = names.map((text, at) => {
		const host = { mac: [2, 0x66, 0, 0, 1, at + 1], ip: [10, 66, 0, at + 1] };
		const frame = udp(host, server, [68, 67], request(host, Buffer.from(text, 'utf8').subarray(0, 255)));
		const head = Buffer.alloc(16);
		head.writeUInt32LE(1_763_300_000 + at, 0);
		head.writeUInt32LE(frame.length, 8);
		head.writeUInt32LE(frame.length, 12);
		return bytes(head, frame);
	});
	const head = Buffer.alloc(24);
	head.writeUInt32LE(0xa1b2c3d4, 0);
	head.writeUInt16LE(2, 4);
	head.writeUInt16LE(4, 6);
	head.writeUInt32LE(65_535, 16);
	head.writeUInt32LE(1, 20);
	return bytes(head, ...records);
}
