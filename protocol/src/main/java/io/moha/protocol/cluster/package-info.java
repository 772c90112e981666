/**
 * The etcd contract: the keys of one cluster and the record stored under each, as JSON with a
 * version field. Agents, proxies and the command line meet only here. No I/O.
 */
@NullMarked
package io.moha.protocol.cluster;

import org.jspecify.annotations.NullMarked;
