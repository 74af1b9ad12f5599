// The document loader that @digitalbazaar's packages are given: bundled contexts, DIDs and status lists.

import {documentAt} from './offline.mjs';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

export async function documentLoader(url) {
  const [subject, fragment] = url.split('#');
  const document = documentAt(url) ?? documentAt(subject) ?? didKey(subject);
  if(document === undefined) {
    throw new Error(`no document for ${url}`);
  }
  const isKey = fragment !== undefined && documentAt(url) === undefined;
  return {contextUrl: null, documentUrl: url, document: isKey ? methodOf(document, url) : document};
}

function didKey(did) {
  if(!did.startsWith('did:key:')) {
    return undefined;
  }
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY],
    id: did,
    verificationMethod: [{id, type: 'Multikey', controller: did, publicKeyMultibase}],
    assertionMethod: [id],
  };
}

function methodOf(document, url) {
  const method = document.verificationMethod.find(({id}) => id === url);
  if(method === undefined) {
    throw new Error(`${document.id} has no ${url}`);
  }
  return {'@context': MULTIKEY, ...method};
}
