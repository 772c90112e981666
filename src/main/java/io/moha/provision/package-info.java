/**
 * Where servers come from: finds mysqld and etcd on this machine or unpacks them, without root and
 * without installing anything, into {@code ~/.cache/moha}. Nothing here starts a server for longer
 * than it takes to make a data directory.
 */
@NullMarked
package io.moha.provision;

import org.jspecify.annotations.NullMarked;
