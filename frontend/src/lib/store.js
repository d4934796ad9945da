// A tiny promise face of one IndexedDB object store: drafts of documents, keyed by page address.

const DATABASE = "hengcang";
const STORE = "drafts";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>}
 */
async function inStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

/** @param {string} key */
export const load = (key) => inStore("readonly", (store) => store.get(key));

/**
 * @param {string} key
 * @param {unknown} value
 */
export const save = (key, value) => inStore("readwrite", (store) => store.put(value, key));

/** @param {string} key */
export const forget = (key) => inStore("readwrite", (store) => store.delete(key));
