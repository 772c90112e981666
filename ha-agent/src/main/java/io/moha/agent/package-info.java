/** The control plane process, one beside each mysqld: observe, decide, act, one tick at a time. */
@NullMarked
package io.moha.agent;

import org.jspecify.annotations.NullMarked;
