/**
 * Faults, one after another and mixed, on a whole cluster: three stores, three nodes and a proxy,
 * between which every byte goes through {@link io.moha.it.fault.FaultProxy}, so that any link can
 * be cut in one direction without privileges.
 */
@NullMarked
package io.moha.it.fault;

import org.jspecify.annotations.NullMarked;
