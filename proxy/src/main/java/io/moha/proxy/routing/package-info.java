/**
 * Where work goes: the immutable picture of the cluster and the rule that picks a server from it.
 * Pure; knows neither sockets nor etcd.
 */
@NullMarked
package io.moha.proxy.routing;

import org.jspecify.annotations.NullMarked;
