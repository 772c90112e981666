package io.moha.proxy.topology;

/**
 * A record with the store revision at which its key was last written.
 *
 * @param record what was stored
 * @param storeId id of the etcd cluster it was read from
 * @param modRevision counts all writes to that store
 */
record StoredRecord<R extends Record>(R record, long storeId, long modRevision) {}
