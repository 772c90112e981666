package io.moha.proxy.topology;

import io.etcd.jetcd.KeyValue;
import java.util.List;

/**
 * One linearizable look at the cluster's keys.
 *
 * @param storeId id of the etcd cluster that answered
 * @param revision of the store at that moment; counts all its writes
 * @param values keys with values
 */
record StoreRead(long storeId, long revision, List<KeyValue> values) {}
