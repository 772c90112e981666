/** A cluster made of containers: one for etcd, one for each node, one for the proxy. */
@NullMarked
package io.moha.it.container;

import org.jspecify.annotations.NullMarked;
