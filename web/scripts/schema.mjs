// Writes src/lib/api/schema.ts from docs/openapi.json; with `--check`, says whether what is committed is still that.
// Two things that the document says in prose become types: a text whose description begins with a word in backticks is
// one of the words in backticks, and what may be null is always there, because the server leaves nothing out.
import { readFileSync, writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';

const target = new URL('../src/lib/api/schema.ts', import.meta.url);
const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

const isNull = (schema) =>
	[schema.type].flat().includes('null') || (schema.oneOf ?? []).some((part) => part.type === 'null');
const sent = new Set();
for (const path of Object.values(document.paths)) {
	for (const operation of Object.values(path)) {
		// Two operations of one name are an error to the generator; paths name them better.
		delete operation.operationId;
		const body = operation.requestBody?.content?.['application/json']?.schema?.$ref;
		// A setting is sent back whole, as it came.
		if (body) sent.add(body.split('/').pop());
	}
}
for (const [name, schema] of Object.entries(document.components.schemas)) {
	for (const [property, of] of Object.entries(schema.properties ?? {})) {
		if (of.type === 'string' && of.description?.startsWith('`')) {
			of.enum = [...of.description.matchAll(/`([^`]+)`/g)].map((word) => word[1]);
		}
		if (isNull(of) && !sent.has(name)) schema.required = [...new Set([...(schema.required ?? []), property])];
	}
}
// Here the description leaves the words to the claims of the list.
document.components.schemas.MapDevice.properties.state = document.components.schemas.Claim.properties.state;

const head = '// Made by `npm run schema` from docs/openapi.json. Not to be edited.\n\n';
const text = head + astToString(await openapi(document, { alphabetize: true, silent: true }));
if (process.argv.includes('--check')) {
	let kept = '';
	try {
		kept = readFileSync(target, 'utf8');
	} catch {
		// Nothing is kept: that is a difference too.
	}
	if (kept !== text) {
		console.error('src/lib/api/schema.ts is not what docs/openapi.json says: run `npm run schema`');
		process.exit(1);
	}
} else {
	writeFileSync(target, text);
}
