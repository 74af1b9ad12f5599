// What the scripts beside this file share: documents from the project and from the caller, and no network at all.
// Import it first: the packages under test take hold of `fetch` when they are loaded.

import {readFileSync} from 'node:fs';
import net from 'node:net';

const CONTEXTS = new URL('../../contexts/', import.meta.url);

net.Socket.prototype.connect = () => {
  throw new Error('this test has no network');
};

// Everything that has an address: the bundled contexts and schemas, and what a case adds.
const bundled = new Map();
const manifest = JSON.parse(readFileSync(new URL('manifest.json', CONTEXTS)));
for(const {url, file} of [...manifest.contexts, ...manifest.schemas]) {
  bundled.set(url, JSON.parse(readFileSync(new URL(file, CONTEXTS))));
}
let given = new Map();

/** Gives the documents of one case, by address or DID. */
export function use(documents) {
  given = new Map(Object.entries(documents));
}

/** The document at an address, or nothing. */
export function documentAt(url) {
  return given.get(url) ?? bundled.get(url);
}

globalThis.fetch = async request => {
  const url = typeof request === 'string' ? request : request.url ?? String(request);
  const document = documentAt(url);
  if(document === undefined) {
    return new Response('not here', {status: 404});
  }
  return new Response(JSON.stringify(document), {headers: {'content-type': 'application/json'}});
};

/** One JSON value from standard input. */
export function input() {
  return JSON.parse(readFileSync(0));
}

/** One JSON value to standard output; what a package prints goes elsewhere. */
export function output(value) {
  process.stdout.write(JSON.stringify(value));
}
console.log = console.error;
