/**
 * What the proxy knows of its cluster: watches etcd, makes a {@code RoutingTable} of it, registers
 * the proxy and reports on switchovers. The only user of etcd in this process.
 */
@NullMarked
package io.moha.proxy.topology;

import org.jspecify.annotations.NullMarked;
