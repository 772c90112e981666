/** The data plane process: wires the parts in reading order, binds, drains, stops. */
@NullMarked
package io.moha.proxy;

import org.jspecify.annotations.NullMarked;
